"""Getting in: links that work once, passwords with limits, sessions that are nobody else's."""

from __future__ import annotations

from collections.abc import Callable

from storegen.domain.people import sessions, staff, staff_sign_in
from storegen.store import Store
from storegen.values.actor import CLI, Actor
from tests.fixtures.stores import TestClock
from tests.web.admin.conftest import HOST, Desk

PASSWORD = "mountain rain 雨山"
COOKIE = "sg_staff"


def cookie(desk: Desk) -> str:
    found = desk.client.get_cookie(COOKIE, domain="shop.test")
    return found.value if found is not None else ""


def link_for(store: Store, login: str = "owner") -> str:
    return store.transact(lambda uow: staff_sign_in.make_admin_link(uow, CLI, login))


def make_owner(store: Store, login: str = "owner") -> int:
    return store.transact(lambda uow: staff.create_owner(uow, CLI, login))


def with_password(store: Store, login: str = "owner") -> int:
    staff_id = make_owner(store, login)
    actor = Actor(kind="staff", staff_id=staff_id, channel="admin", permissions=frozenset("*"))
    staff_sign_in.set_staff_password(store, actor, old="", new=PASSWORD)
    return staff_id


def test_looking_at_a_link_uses_nothing_up_and_using_it_works_once(store: Store) -> None:
    make_owner(store)
    link = link_for(store)
    desk = Desk(store)
    for _ in range(3):  # a mail scanner, a chat preview, a person
        assert desk.get(f"/enter/{link}").status_code == 200
    assert desk.get("").status_code == 303
    answer = desk.post(f"/enter/{link}", token=False)
    assert answer.status_code == 303
    assert answer.location.endswith("/en/admin/password")
    assert desk.get("").status_code == 200
    rival = Desk(store)
    assert rival.post(f"/enter/{link}", token=False).status_code == 403
    assert rival.get("").status_code == 303


def test_a_link_is_over_after_a_quarter_of_an_hour(store: Store, clock: TestClock) -> None:
    make_owner(store)
    link = link_for(store)
    clock.move(minutes=15, seconds=1)
    desk = Desk(store)
    assert desk.post(f"/enter/{link}", token=False).status_code == 403
    assert cookie(desk) == ""


def test_who_came_by_link_sets_a_password_and_comes_in_with_it(store: Store) -> None:
    make_owner(store)
    desk = Desk(store)
    desk.enter("owner")
    short = desk.post("/password", {"new": "abc"})
    assert short.status_code == 422
    assert "At least 8 characters" in short.text
    assert desk.post("/password", {"new": PASSWORD}).status_code == 303
    again = Desk(store)
    answer = again.post("/sign-in", {"login": "Owner ", "password": PASSWORD}, token=False)
    assert answer.status_code == 303
    assert again.get("").status_code == 200
    # now the old one is asked for
    changed = desk.post("/password", {"old": "wrong one", "new": "another rain"})
    assert changed.status_code == 422
    assert "not your present password" in changed.text


def test_wrong_name_and_wrong_password_look_alike(store: Store) -> None:
    with_password(store)
    pages = [
        Desk(store).post("/sign-in", {"login": login, "password": "no such one"}, token=False)
        for login in ("owner", "nobody")
    ]
    assert [page.status_code for page in pages] == [401, 401]
    assert pages[0].text.replace('value="owner"', "") == pages[1].text.replace('value="nobody"', "")


def test_passwords_cannot_be_guessed_for_ever(store: Store, clock: TestClock) -> None:
    with_password(store)
    desk = Desk(store)
    tries = [
        desk.post("/sign-in", {"login": "owner", "password": f"guess {n}"}, token=False)
        for n in range(11)
    ]
    assert [each.status_code for each in tries] == [401] * 10 + [429]
    assert int(tries[-1].headers["Retry-After"]) > 0
    # the right one does not help any more either, until the window is over
    right = {"login": "owner", "password": PASSWORD}
    assert desk.post("/sign-in", right, token=False).status_code == 429
    clock.move(minutes=16)
    assert desk.post("/sign-in", right, token=False).status_code == 303


def test_a_planted_session_is_worth_nothing(store: Store) -> None:
    """Fixation: the token that was there before the sign-in is not the one afterwards."""
    staff_id = with_password(store)
    planted = store.transact(
        lambda uow: sessions.open_session(uow, kind="staff", staff_id=staff_id, channel="admin")
    )
    desk = Desk(store)
    desk.client.set_cookie(COOKIE, planted.token, domain="shop.test")
    assert (
        desk.post("/sign-in", {"login": "owner", "password": PASSWORD}, token=False).status_code
        == 303
    )
    assert cookie(desk) not in ("", planted.token)
    thief = Desk(store)
    thief.client.set_cookie(COOKIE, planted.token, domain="shop.test")
    assert thief.get("").status_code == 303


def test_a_customers_session_is_no_staff_session(store: Store) -> None:
    guest = store.transact(sessions.open_session)
    desk = Desk(store)
    for name in (COOKIE, "sg_session"):
        desk.client.set_cookie(name, guest.token, domain="shop.test")
    assert desk.get("/orders").status_code == 303


def test_signing_out_ends_the_session_itself(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk("*")
    kept = cookie(desk)
    assert desk.done("/sign-out").location.endswith("/sign-in")
    assert cookie(desk) == ""
    desk.client.set_cookie(COOKIE, kept, domain="shop.test")
    assert desk.get("").status_code == 303


def test_after_the_sign_in_one_is_where_one_wanted_to_be(store: Store) -> None:
    with_password(store)
    desk = Desk(store)
    away = desk.get("/orders?q=%E7%8E%8B")
    assert away.status_code == 303
    assert "/en/admin/sign-in?next=" in away.location
    form = {"login": "owner", "password": PASSWORD}
    back = desk.post("/sign-in", {**form, "next": "/admin/orders?q=x"}, token=False)
    assert back.location.endswith("/en/admin/orders?q=x")
    for evil in ("https://evil.test/", "//evil.test/admin", "/\\evil.test", "/admin/../x", "/x"):
        answer = Desk(store).post("/sign-in", {**form, "next": evil}, token=False)
        assert answer.location == "/en/admin", evil


def test_the_cookie_is_out_of_reach(store: Store) -> None:
    make_owner(store)
    desk = Desk(store)
    answer = desk.client.post(
        f"/admin/enter/{link_for(store)}",
        base_url=HOST.replace("http", "https"),
        headers={"Origin": "https://shop.test"},
    )
    said = answer.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Lax", "Secure"):
        assert word in said
    assert answer.headers["Cache-Control"] == "private, no-store"
