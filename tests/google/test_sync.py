from tests.google.scene import World


def test_smoke(make_world):
    world: World = make_world(
        ["", "", "", "Back to school", "Скидка", "", "", "", "2026-08-15 11:00", "x"]
    )
    print(world.sync())
    print(world.tab.texts())
    print(world.sync())
    print(world.tab.texts())
    print(world.page())
    print(world.sync(), world.stub.reads, world.stub.writes)
    assert world.stub.writes == 1
