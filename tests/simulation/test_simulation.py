"""Seeds of the simulator: nothing lost, nothing doubled, nothing out of order, whatever goes wrong.

test_case_01 to 04, 06, 08, 13 to 16, 23, 24, 34, 58. A seed that fails is played again by its number alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.checks import findings
from tests.simulation.world import World

SEEDS = 50


@pytest.mark.parametrize("seed", range(SEEDS))
def test_case_23_whatever_goes_wrong_all_comes_right(tmp_path: Path, seed: int) -> None:
    with World(tmp_path, seed) as world:
        world.play()
        assert findings(world) == []
