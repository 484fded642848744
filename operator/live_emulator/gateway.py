"""The API's front door: admission, quota, ordered faults, the service, the answer."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import web

from live_emulator import delivery
from live_emulator.admission import Admission
from live_emulator.alteration import merged, without
from live_emulator.answers import Answer, Refused, failure, new_request_id, success
from live_emulator.calls import Call, Calls
from live_emulator.claim import Claim, claim_of
from live_emulator.dials import CHANGES, Dials
from live_emulator.faults import TRUTHFUL, Fault, FaultKind, FaultOrder, Faults
from live_emulator.quota import Quota
from live_emulator.reception import line_bytes, received
from live_emulator.service import Service
from live_emulator.signature import WireRequest

log = logging.getLogger(__name__)


class Gateway:
    """Answers one call, and keeps its record true whatever happens to it."""

    def __init__(  # noqa: PLR0913 (the parts of the emulator that a call passes through)
        self,
        *,
        admission: Admission,
        quota: Quota,
        faults: Faults,
        service: Service,
        calls: Calls,
        dials: Dials,
    ) -> None:
        self._admission = admission
        self._quota = quota
        self._faults = faults
        self._service = service
        self._calls = calls
        self._dials = dials
        self._handling: set[asyncio.Task[Any]] = set()

    async def stop(self) -> None:
        """Ends the calls that still hang, whose callers may be gone already."""
        for task in self._handling:
            task.cancel()
        await asyncio.gather(*self._handling, return_exceptions=True)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        wire = await received(request)
        claim = claim_of(wire)
        call = self._calls.begin(
            claim, user_agent=wire.headers.get("user-agent", ""), request_id=new_request_id()
        )
        with self._in_hand(call):
            if self._dials.latency_ms:
                await asyncio.sleep(self._dials.latency_ms / 1000)
            return await self._answered(request, wire, claim, call)

    @contextmanager
    def _in_hand(self, call: Call) -> Iterator[None]:
        """The call's task can be stopped, and its record ends in any case."""
        task = asyncio.current_task()
        self._handling |= {task} if task else set()
        try:
            yield
        finally:
            self._handling -= {task}
            if call.finished_s is None:
                self._calls.finish(call, code="Interrupted", http_status=None)

    async def _answered(
        self, request: web.Request, wire: WireRequest, claim: Claim, call: Call
    ) -> web.StreamResponse:
        if self._is_too_long(wire):
            self._calls.finish(call, code="LineTooLong", http_status=414)
            return delivery.too_long()
        try:
            self._let_in(wire, claim, call)
        except Refused as refused:
            return self._whole(call, self._refusal(call, wire, refused))
        fault = self._faults.take(call)
        if fault is None:
            return self._whole(call, self._truth(call, wire))
        call.fault = fault.order.kind
        answer = await self._faulty_answer(call, wire, fault)
        return await self._spoilt(request, call, answer, fault.order)

    def _is_too_long(self, wire: WireRequest) -> bool:
        limit_bytes = self._dials.longest_line_bytes
        return 0 < limit_bytes < line_bytes(wire)

    def _let_in(self, wire: WireRequest, claim: Claim, call: Call) -> None:
        self._service.check_names(action=claim.action, version=claim.version)
        key = self._admission.admit(wire, claim)
        call.account = key.account
        self._quota.take(account=key.account, action=call.action, now_s=call.started_s)

    def _truth(self, call: Call, wire: WireRequest) -> Answer:
        """What the service says; this is where a change takes place."""
        try:
            document = self._service.perform(
                call.action, call.parameters, account=call.account or ""
            )
        except Refused as refused:
            return self._refusal(call, wire, refused)
        except Exception:
            log.exception("A call failed inside the emulator")
            return self._refusal(call, wire, Refused("InternalError"))
        call.applied = call.action in CHANGES
        return success(
            document,
            request_id=call.request_id,
            action=call.action,
            document_format=call.format,
        )

    async def _faulty_answer(self, call: Call, wire: WireRequest, fault: Fault) -> Answer:
        answer = await self._ordered_answer(call, wire, fault)
        order = fault.order
        document = merged(without(answer.document, order.without), order.merge)
        call.request_id = str(document.get("RequestId", call.request_id))
        return replace(answer, document=document, format=order.format or answer.format)

    async def _ordered_answer(self, call: Call, wire: WireRequest, fault: Fault) -> Answer:
        order = fault.order
        truth = self._truth(call, wire) if order.applied else None
        if order.kind is not FaultKind.SLOW_BODY:
            await fault.hold()
        if order.kind in TRUTHFUL:
            return truth or self._truth(call, wire)
        status = order.status
        if order.kind is FaultKind.CODE_IN_200 and status is None:
            status = 200
        refused = Refused(
            order.code, order.message, status=status, retry_after_ms=order.retry_after_ms
        )
        return self._refusal(call, wire, refused)

    async def _spoilt(
        self, request: web.Request, call: Call, answer: Answer, order: FaultOrder
    ) -> web.StreamResponse:
        finish = partial(self._finish, call, answer)
        match order.kind:
            case FaultKind.DROP:
                self._calls.finish(call, code=order.kind, http_status=None)
                return delivery.dropped(request)
            case FaultKind.HTML | FaultKind.EMPTY | FaultKind.REDIRECT | FaultKind.BODY:
                response = delivery.replaced(order, f"{request.scheme}://{request.host}")
                self._calls.finish(call, code=order.kind, http_status=response.status)
                return response
            case FaultKind.SLOW_BODY:
                over_s = order.delay_seconds or 0
                return await delivery.slow(request, answer, over_s=over_s, before_last=finish)
            case FaultKind.CUT:
                finish()
                return await delivery.cut(request, answer)
            case _:
                finish()
                return delivery.at_once(order.kind, answer)

    def _whole(self, call: Call, answer: Answer) -> web.Response:
        self._finish(call, answer)
        return delivery.whole(answer)

    def _finish(self, call: Call, answer: Answer) -> None:
        self._calls.finish(call, code=answer.code, http_status=answer.status)

    def _refusal(self, call: Call, wire: WireRequest, refused: Refused) -> Answer:
        return failure(
            refused,
            request_id=call.request_id,
            host_id=wire.headers.get("host", ""),
            document_format=call.format,
        )
