"""Cases in every state that a screen tells apart, and the people who look at them. Their names are Chinese."""

from __future__ import annotations

from datetime import timedelta

from casemgmt import clock
from casemgmt.accounts.models import Organisation, User
from tests.browser import site
from tests.journeys.access import rooms
from tests.world import Story, World

NAMES = {
    "buyer": "林小丹", "stranger": "路人甲", "agent": "客服小周", "arbitrator": "仲裁员老陈", "arbitrator2": "仲裁员小吴",
    "reviewer": "复核员赵工", "supervisor": "主管钱姐", "supervisor2": "主管孙哥", "auditor": "审计员李工",
    "administrator": "管理员", "shop-staff": "店小二", "othershop-staff": "别家店员",
}  # fmt: skip
SHOPS = {"shop": "青瓷小店", "othershop": "别家店"}
ROOMS = (
    "draft", "submitted", "talks", "offer", "refused", "to_return", "in_transit", "to_confirm", "review", "evidence",
    "mediation", "approval", "ruled", "appeal", "executing", "resolved", "held",
)  # fmt: skip


class Scene:
    """One world with all its rooms, as it stands now."""

    def __init__(self) -> None:
        begin = clock.now() - timedelta(hours=48)
        self.world = christened(World(at=begin))
        self.stories: dict[str, Story] = {}
        for name in ROOMS:
            self.world.now = begin
            rooms.on_duty(self.world.arbitrator2, False)  # so that it is clear who sits
            self.stories[name] = rooms.MAKERS[name](self.world)
            rooms.on_duty(self.world.arbitrator, True)
        for number in range(3):
            self.world.order(
                items=[{"sku": f"S{number}", "title": "陶瓷杯", "qty": 1, "unit_price": "100.00", "paid": "100.00"}]
            )

        for person in User.objects.all():
            site.session(person)

    def case(self, name: str) -> str:
        """The path of its page."""
        return f"/cases/{self.stories[name].case.reference}/"


def christened(world: World) -> World:
    """The same people with Chinese names."""
    for person in User.objects.all():
        person.display_name = NAMES[person.display_name]
        person.save(update_fields=["display_name"])
    for shop in Organisation.objects.all():
        shop.name = SHOPS[shop.name]
        shop.save(update_fields=["name"])
    return world
