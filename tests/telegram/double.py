"""A strict double of the Bot API: a server on this machine that takes what Telegram takes and refuses the rest.

It keeps an append-only log of every call; what a correct bot never does stands in `complaints`. It is written from
Telegram's documentation and behaviour, and shares no code with the program or the libraries.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Self

from aiohttp import BodyPartReader, web

from tests.telegram import rules
from tests.telegram.faults import Fault, pick
from tests.telegram.models import FILE, Judge
from tests.telegram.people import BOT, Chat, Shown
from tests.telegram.queue import Hook, Queue
from tests.telegram.rates import Rates
from tests.telegram.rules import Refused, bad

TOKEN = "42:CANARY-token_of-the-double"
#: Seconds for which a press can be answered.
QUERY_LIVES = 150.0
#: The methods that put something into a chat and count against the limits.
_TEXTS = frozenset({"text", "caption", "callback_query_id", "description", "short_description", "url", "secret_token"})
_OBJECTS = frozenset(
    {"reply_markup", "link_preview_options", "commands", "allowed_updates", "scope", "reply_parameters", "entities"}
)
SENDS = frozenset({"sendMessage", "sendDocument", "editMessageText", "editMessageReplyMarkup"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call and what came of it. `took_effect`: whatever the bot was told."""

    at: float
    method: str
    told: Mapping[str, Any]
    status: int
    took_effect: bool
    fault: str = ""

    @property
    def chat(self) -> int | None:
        """The chat it is about."""
        return int(self.told["chat_id"]) if "chat_id" in self.told else None


class Double:
    """`judge` checks each call against a library's models; `rates` may be left out."""

    def __init__(self, judge: Judge | None = None, rates: Callable[[Callable[[], float]], Rates] | None = None) -> None:
        self.chance = Random(1)
        self.queue = Queue(self.chance)
        self.chats: dict[int, Chat] = {}
        self.faults: list[Fault] = []
        self.log: list[Call] = []
        self.complaints: list[str] = []
        self.profile: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.root = ""
        self._judge = judge
        self._rates = rates
        self._limits: Rates | None = None
        self._leave_alone: dict[int | None, float] = {}
        self._runner: web.AppRunner | None = None
        #: When the bot last asked for updates, in seconds of the loop.
        self.polled = 0.0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._called)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.root = f"http://{host}:{port}"
        self._limits = self._rates(self._now) if self._rates else None
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.queue.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def chat(self, id_: int, language: str = "zh-hans") -> Chat:
        """The chat of this id, new where there was none."""
        if id_ not in self.chats:
            self.chats[id_] = Chat(id_, self.queue.put, language)
        return self.chats[id_]

    def calls(self, *methods: str) -> list[Call]:
        """Those of the log."""
        return [call for call in self.log if call.method in methods]

    # ---- One call

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _answer({"ok": False, "error_code": 401, "description": "Unauthorized"})
        try:
            told, files = await _decoded(request)
        except ValueError:
            return _answer(bad("can't parse the request").answer)
        self._check(method, told)
        chat = int(told["chat_id"]) if str(told.get("chat_id", "")).lstrip("-").isdigit() else None
        fault = pick(self.faults, method, chat, self.chance)
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        refused = self._refusal(fault, chat)
        if refused is None and (fault is None or fault.kind != "cut-before"):
            return await self._take(request, method, told, files, fault)
        self._note(method, told, refused["error_code"] if refused else 0, False, fault)
        return self._lose(request) if refused is None else _spoilt(fault) or _answer(refused)

    async def _take(
        self,
        request: web.Request,
        method: str,
        told: dict[str, Any],
        files: dict[str, tuple[str, bytes]],
        fault: Fault | None,
    ) -> web.StreamResponse:
        try:
            result = await self._do(method, told, files)
            answer: dict[str, Any] = {"ok": True, "result": result}
        except Refused as error:
            answer = error.answer
        status = 200 if answer["ok"] else answer["error_code"]
        if method != "getUpdates":
            self._note(method, told, status, answer["ok"], fault)
        if fault is not None and fault.kind == "cut-after":
            return self._lose(request)
        return _spoilt(fault) or _answer(answer, cut=fault is not None and fault.kind == "cut-short")

    def _check(self, method: str, told: Mapping[str, Any]) -> None:
        if self._judge is not None:
            self.complaints += self._judge(method, told)

    def _refusal(self, fault: Fault | None, chat: int | None) -> dict[str, Any] | None:
        """The answer of a fault that lets nothing through."""
        match fault:
            case Fault(kind="limit-chat" | "limit-all"):
                whom = chat if fault.kind == "limit-chat" else None
                self._leave_alone[whom] = self._now() + fault.seconds
                return _limited(round(fault.seconds))
            case Fault(kind="refuse-500" | "refuse-html"):
                return {"ok": False, "error_code": 502, "description": "Bad Gateway"}
            case Fault(kind="refuse-403"):
                return {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
            case Fault(kind="refuse-400"):
                return bad("chat not found").answer
            case Fault(kind="refuse-markup"):
                return bad('can\'t parse entities: Unsupported start tag "x" at byte offset 0').answer
            case Fault(kind="migrate"):
                sentence = "Bad Request: group chat was upgraded to a supergroup chat"
                return Refused(400, sentence, migrate_to_chat_id=fault.to).answer
            case _:
                return None

    def _note(self, method: str, told: Mapping[str, Any], status: int, took: bool, fault: Fault | None) -> None:
        kind = fault.kind if fault is not None else ""
        self.log.append(Call(at=self._now(), method=method, told=told, status=status, took_effect=took, fault=kind))

    def _lose(self, request: web.Request) -> web.StreamResponse:
        """End the connection without an answer."""
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    # ---- What calls do

    async def _do(self, method: str, told: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> Any:
        work = getattr(self, f"_on_{method.lower()}", None)
        if work is None:
            self.complaints.append(f"{method}: the double does not know it")
            raise Refused(404, "Not Found")
        if method in SENDS:
            self._let_through(self._known(told))
        done = work(told, files)
        return await done if asyncio.iscoroutine(done) else done

    def _known(self, told: Mapping[str, Any]) -> Chat:
        chat = self.chats.get(int(told["chat_id"])) if str(told.get("chat_id", "")).lstrip("-").isdigit() else None
        if chat is None:
            raise bad("chat not found")
        if chat.moved_to:
            raise Refused(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to
            )
        if chat.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat

    def _let_through(self, chat: Chat) -> None:
        for whom in (chat.id, None):
            until = self._leave_alone.get(whom, 0.0)
            if self._now() < until - 0.05:
                what = "all" if whom is None else str(whom)
                self.complaints.append(f"early: {what} not left alone for another {until - self._now():.2f} s")
                raise Refused(429, "Too Many Requests: retry later", retry_after=max(1, round(until - self._now())))
        wait = self._limits.take(chat.id) if self._limits else 0
        if wait:
            raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)

    def _on_getme(self, *_: object) -> Any:
        return {
            **BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False
        }  # fmt: skip

    async def _on_getupdates(self, told: dict[str, Any], _: object) -> Any:
        if self.queue.hook is not None:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        self.polled = self._now()
        most = told.get("limit") or 100
        taken = await self.queue.poll(int(told.get("offset") or 0), int(most), float(told.get("timeout") or 0))
        if taken is None:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        self.log.append(Call(at=self._now(), method="getUpdates", told=told, status=200, took_effect=True))
        return taken

    def _on_sendmessage(self, told: dict[str, Any], _: object) -> Any:
        chat = self._known(told)
        text, entities = rules.text_of(told)
        return self._show(chat, Shown(id=_next(chat), text=text, entities=entities, buttons=_buttons(told)))

    def _on_senddocument(self, told: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> Any:
        chat = self._known(told)
        text, entities = rules.text_of(told, "caption", rules.MOST_CAPTION, may_be_empty=True)
        name = str(told.get("document", "")).removeprefix(FILE)
        if name not in files:
            raise bad("wrong file identifier specified")
        if not files[name][1]:
            raise bad("file must be non-empty")
        shown = Shown(id=_next(chat), text=text, entities=entities, buttons=_buttons(told), file=files[name])
        return self._show(chat, shown)

    def _on_editmessagetext(self, told: dict[str, Any], _: object) -> Any:
        chat = self._known(told)
        before = self._editable(chat, told)
        if before.file is not None:
            raise bad("there is no text in the message to edit")
        text, entities = rules.text_of(told)
        return self._change(chat, before, Shown(id=before.id, text=text, entities=entities, buttons=_buttons(told)))

    def _on_editmessagereplymarkup(self, told: dict[str, Any], _: object) -> Any:
        chat = self._known(told)
        before = self._editable(chat, told)
        now = Shown(id=before.id, text=before.text, entities=before.entities, buttons=_buttons(told), file=before.file)
        return self._change(chat, before, now)

    def _editable(self, chat: Chat, told: Mapping[str, Any]) -> Shown:
        shown = chat.messages.get(int(told.get("message_id") or 0))
        if shown is None:
            raise bad("message to edit not found")
        return shown

    def _change(self, chat: Chat, before: Shown, now: Shown) -> Any:
        if (before.text, before.entities, before.buttons) == (now.text, now.entities, now.buttons):
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        changed = Shown(
            id=now.id, text=now.text, entities=now.entities, buttons=now.buttons, file=now.file, times=before.times + 1
        )
        return self._show(chat, changed)

    def _show(self, chat: Chat, shown: Shown) -> Any:
        chat.show(shown)
        told = {"message_id": shown.id, "date": 1772413200, "chat": chat.place, "from": BOT}
        return (
            {**told, "document": {"file_id": "1", "file_unique_id": "1"}}
            if shown.file
            else {**told, "text": shown.text}
        )

    def _on_answercallbackquery(self, told: dict[str, Any], _: object) -> Any:
        query = str(told.get("callback_query_id", ""))
        rules.check_length(told, "text", 200)
        for chat in self.chats.values():
            if query in chat.queries and self._now() - chat.queries[query] < QUERY_LIVES:
                chat.answered.append(query)
                return True
        raise bad("query is too old and response timeout expired or query ID is invalid")

    def _on_sendchataction(self, told: dict[str, Any], _: object) -> Any:
        self._known(told)
        rules.check_action(told)
        return True

    def _on_setmycommands(self, told: dict[str, Any], _: object) -> Any:
        rules.check_commands(told)
        return self._keep("commands", told)

    def _on_setmydescription(self, told: dict[str, Any], _: object) -> Any:
        rules.check_language(told)
        rules.check_length(told, "description", 512)
        return self._keep("description", told)

    def _on_setmyshortdescription(self, told: dict[str, Any], _: object) -> Any:
        rules.check_language(told)
        rules.check_length(told, "short_description", 120)
        return self._keep("short_description", told)

    def _keep(self, what: str, told: Mapping[str, Any]) -> bool:
        scope: Mapping[str, Any] = told.get("scope") or {}
        self.profile[what, str(scope.get("chat_id") or told.get("language_code") or "")] = told
        return True

    def _on_setwebhook(self, told: dict[str, Any], _: object) -> Any:
        rules.check_hook(told)
        url = str(told.get("url") or "")
        self.queue.set_hook(Hook(url=url, secret=str(told.get("secret_token") or "")) if url else None)
        return True

    def _on_deletewebhook(self, told: dict[str, Any], _: object) -> Any:
        self.queue.set_hook(None)
        if told.get("drop_pending_updates"):
            self.queue.waiting.clear()
        return True

    def _on_getwebhookinfo(self, *_: object) -> Any:
        url = self.queue.hook.url if self.queue.hook else ""
        return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self.queue.waiting)}

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def _limited(seconds: int) -> dict[str, Any]:
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds).answer


def _next(chat: Chat) -> int:
    chat.newest += 1
    return chat.newest


def _buttons(told: Mapping[str, Any]) -> tuple[tuple[tuple[str, str], ...], ...]:
    rows = rules.keyboard_of(told) or []
    return tuple(tuple((one["text"], one.get("callback_data", "")) for one in row) for row in rows)


def _answer(answer: Mapping[str, Any], *, cut: bool = False) -> web.Response:
    body = json.dumps(answer, ensure_ascii=False).encode()
    status = 200 if answer["ok"] else int(answer["error_code"])
    return web.Response(body=body[: len(body) // 2] if cut else body, status=status, content_type="application/json")


def _spoilt(fault: Fault | None) -> web.Response | None:
    """A page of a proxy in place of the answer."""
    if fault is None or fault.kind not in ("html", "refuse-html"):
        return None
    page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    return web.Response(text=page, status=502 if fault.kind == "refuse-html" else 200, content_type="text/html")


async def _decoded(request: web.Request) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    """The fields of a call as JSON has them, and its files; raises ValueError."""
    told: dict[str, Any] = {name: _plain(value, name) for name, value in request.query.items()}
    files: dict[str, tuple[str, bytes]] = {}
    match request.content_type:
        case "application/json":
            body = await request.read()
            told |= json.loads(body) if body else {}
        case "multipart/form-data":
            async for part in await request.multipart():
                if isinstance(part, BodyPartReader):
                    await _part(part, told, files)
            # A file is the field of its own name, unless a field says which file it is.
            told |= {name: f"{FILE}{name}" for name in files if f"{FILE}{name}" not in told.values()}
        case _:
            told |= {name: _plain(str(value), name) for name, value in (await request.post()).items()}
    return {name: _object(name, value) for name, value in told.items() if value is not None}, files


async def _part(part: BodyPartReader, told: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> None:
    name = part.name or ""
    content = bytes(await part.read())
    if part.filename is None:
        told[name] = _plain(content.decode(), name)
        return
    files[name] = (part.filename, content)


def _object(name: str, value: Any) -> Any:
    """An object may be written as JSON in a text, in any sort of call."""
    return json.loads(value) if name in _OBJECTS and isinstance(value, str) else value


def _plain(written: str, name: str) -> Any:
    """A field of a form: objects, numbers and truth values are written as JSON, texts as they are."""
    if name in _TEXTS:
        return written
    if written in ("true", "false") or written[:1] in ("{", "[") or written.lstrip("-").isdigit():
        try:
            return json.loads(written)
        except ValueError:
            return written
    return written
