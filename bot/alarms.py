"""The names of the alarms that there are: in /readyz, the log, /metrics and the runbook."""

from __future__ import annotations

from bot.watch import STILL

NAMES = (*STILL, "holidays-stale")
