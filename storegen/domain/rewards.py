"""Paying out what a campaign grants; who grants does not know who pays out."""

from __future__ import annotations

from storegen.errors import NoIssuer
from storegen.uow import UnitOfWork
from storegen.values.reward import IssuedReward, Reward


def issue(uow: UnitOfWork, customer_id: int, reward: Reward, key: str) -> IssuedReward:
    """Have the first plugin that knows ``reward.kind`` pay it out, in this transaction.

    ``key`` (``<plugin>:<what>:<whom>``) makes it idempotent: again the same key, again the same
    answer. Raises `NoIssuer` if no plugin of the store knows the kind, `Refused` if its plugin
    says no, `PluginFault` if that has a defect.
    """
    answer = uow.store.plugins.first(
        "issue_reward", uow=uow, customer_id=customer_id, reward=reward, key=key
    )
    if answer is None:
        raise NoIssuer(reward.kind)
    issued: IssuedReward = answer[1]
    return issued
