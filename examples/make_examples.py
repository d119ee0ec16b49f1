"""Writes campaigns_month.csv and campaigns_month.xlsx: a month of campaigns of the demo shop.

Run it after a change here: .venv/bin/python examples/make_examples.py
Both files hold the same rows; the last six have mistakes on purpose. `make demo` loads the CSV
with its dates moved: what goes out on 2026-12-01 at 10:00 here goes out when the demo starts.
"""

from datetime import datetime, timedelta
from pathlib import Path

from pushline.audience.catalogue import Catalogue
from pushline.brief.examples import ANCHOR
from pushline.brief.write_sheet import write_csv, write_xlsx

FOLDER = Path(__file__).resolve().parent
SHOP = "https://shop.example.kz"
Cells = dict[str, str]


def at(days: int, clock: str) -> str:
    """The local time so many days after the day of the demo."""
    hour, minute = clock.split(":")
    moment = datetime(ANCHOR.year, ANCHOR.month, ANCHOR.day, int(hour), int(minute))
    return f"{moment + timedelta(days=days):%Y-%m-%d %H:%M}"


def on(days: int) -> str:
    """The day so many days after the day of the demo."""
    return f"{(ANCHOR + timedelta(days=days)).date()}"


def campaign(
    idea: str,
    send_at: str,
    audience: str,
    texts: dict[str, tuple[str, str]],
    b: dict[str, tuple[str, str]] | None = None,
    **cells: str,
) -> Cells:
    """One row; texts are (title, body) by language."""
    row = {"idea": idea, "send_at": send_at, "audience": audience, "owner": "a.serik"}
    for prefix, words in (("", texts), ("b_", b or {})):
        for language, (title, body) in words.items():
            row[f"title_{prefix}{language}"] = title
            row[f"text_{prefix}{language}"] = body
    return {**row, "goal_event": "order_paid", **cells}


GOOD: list[Cells] = [
    campaign(
        "Скидки на музыку: два варианта заголовка",
        at(0, "10:02"),
        "buyers_of_category(category=music, days=180)",
        {
            "ru": ("Музыка −20% 🎧", "До воскресенья: CD и кассеты дешевле на пятую часть."),
            "kk": ("Музыка −20% 🎧", "Жексенбіге дейін: CD мен кассеталар арзан."),
            "en": ("Music 20% off 🎧", "Until Sunday: CDs and tapes cost a fifth less."),
        },
        {
            "ru": ("Ваша скидка 20%", "CD и кассеты ждут до воскресенья. Посмотрите первыми."),
            "kk": ("Сізге 20% жеңілдік", "CD мен кассеталар жексенбіге дейін күтеді."),
            "en": ("Your 20% is here", "CDs and tapes are waiting until Sunday. Look first."),
        },
        link=f"{SHOP}/c/music?sort=new",
        utm_campaign="music_week",
        exclude="bought_recently(days=3)",
        promo_start=on(-1),
        promo_end=on(5),
        tags="sale, music",
        image_url=f"{SHOP}/img/music.jpg",
    ),
    campaign(
        "Ранний доступ для лучших покупателей",
        at(0, "10:04"),
        "rfm_champions",
        {
            "ru": (
                "Для вас раньше всех",
                "{{ first_name | default: 'Здравствуйте' }}, распродажа открыта вам на день раньше.",
            ),
            "kk": (
                "Сізге бәрінен бұрын",
                "{{ first_name | default: 'Сәлем' }}, жеңілдіктер сізге бір күн ерте ашылды.",
            ),
        },
        link="app://sale/early",
        utm_campaign="early_access",
        priority="1",
        throttle="3000",
        control_pct="10",
        tags="sale",
    ),
    campaign(
        "Старая версия не принимает оплату",
        at(0, "10:08"),
        "old_app_version(below=5.3.0)",
        {
            "ru": ("Обновите приложение", "В версии {{ app_version }} оплата скоро перестанет работать."),
            "kk": ("Қосымшаны жаңартыңыз", "{{ app_version }} нұсқасында төлем жақында өтпейді."),
            "en": ("Please update the app", "Payments will soon stop in version {{ app_version }}."),
        },
        link="app://update",
        utm_campaign="app_update",
        kind="service",
        service_reason="Без обновления человек не сможет оплатить заказ",
        goal_event="app_updated",
        control_pct="0",
    ),
    campaign(
        "Товар остался в корзине",
        at(0, "10:12"),
        "cart_abandoners(min_hours=1, max_days=7)",
        {
            "ru": ("Корзина ждёт вас", "{{ product }} ещё в наличии. Оформите за минуту."),
            "kk": ("Себетіңіз күтіп тұр", "{{ product }} әлі бар. Бір минутта рәсімдеңіз."),
        },
        link="app://cart",
        utm_campaign="cart_reminder",
        limit_mode="defer",
        priority="3",
        ttl_hours="12",
    ),
    campaign(
        "Новый магазин в Алматы",
        at(0, "10:20"),
        "lives_in_city(city=Almaty)",
        {
            "ru": ("Открылись на Абая", "Новый магазин в городе {{ city }}: первым ста гостям подарок."),
            "kk": ("Абай даңғылында ашылдық", "Алғашқы жүз қонаққа сыйлық бар. Келіңіз!"),
            "en": ("Now open on Abay", "Our new store in {{ city }}: gifts for the first hundred."),
        },
        link=f"{SHOP}/stores/almaty-abay",
        utm_campaign="almaty_store",
        tags="stores",
    ),
    campaign(
        "С днём рождения, каждый день",
        at(0, "10:30"),
        "birthdays",
        {
            "ru": ("С днём рождения! 🎂", "{{ first_name | default: 'Дорогой друг' }}, дарим 10% на всё."),
            "kk": ("Туған күніңізбен! 🎂", "{{ first_name | default: 'Қымбатты дос' }}, бәріне 10%."),
            "en": ("Happy birthday! 🎂", "{{ first_name | default: 'Dear friend' }}, 10% off all."),
        },
        link=f"{SHOP}/birthday",
        utm_campaign="birthday_daily",
        repeat="daily",
        promo_end=on(29),
        control_pct="10",
    ),
    campaign(
        "Смотрели игры, но не купили",
        at(0, "10:45"),
        "viewed_category(category=games, days=14)",
        {"ru": ("Игры −15% сегодня", "Те самые, что вы смотрели. До полуночи.")},
        link=f"{SHOP}/c/games",
        utm_campaign="games_today",
        limit_mode="defer",
        promo_end=on(0),
        tags="sale, games",
    ),
    campaign(
        "Давно не покупали: возвращаем, не больше трёх тысяч",
        at(0, "12:00"),
        "lapsed_buyers(min_days=90, max_days=365)",
        {
            "ru": ("Скучали? Мы тоже", "Прошло {{ days_away }} дн. Возвращайтесь: доставка за нами."),
            "kk": ("Сағындыңыз ба?", "{{ days_away }} күн өтті. Қайта келіңіз: жеткізу тегін."),
            "en": ("Missed us?", "It has been {{ days_away }} days. Come back: free delivery."),
        },
        link=f"{SHOP}/welcome-back",
        utm_campaign="winback_90",
        max_users="3000",
        exclude="inactive_in_app(min_days=60)",
    ),
    campaign(
        "Три часа скидок в один час у каждого, где бы он ни жил",
        at(0, "17:00"),
        "everyone_with_consent",
        {
            "ru": ("Три часа скидок ⏰", "Три часа низких цен. Начинаем прямо сейчас."),
            "kk": ("Үш сағат жеңілдік ⏰", "Үш сағат төмен баға. Қазір басталды."),
            "en": ("Three-hour sale ⏰", "Three hours of low prices. Starting right now."),
        },
        link=f"{SHOP}/three-hours",
        utm_campaign="three_hours",
        local_time="yes",
        ttl_hours="26",
        exclude="bought_recently(days=1); rfm_champions",
        tags="sale",
    ),
    campaign(
        "Школа: тетради и рюкзаки",
        at(1, "11:00"),
        "buyers_of_category(category=school, days=365)",
        {
            "ru": ("Скидка 20% к школе 🎒", "Рюкзаки и тетради — выберите, пока есть."),
            "kk": ("Мектепке 20% жеңілдік", "Сөмкелер мен дәптерлер — таңдап үлгеріңіз!"),
            "en": ("20% off for school 🎒", "Backpacks and notebooks — choose while they last."),
        },
        link=f"{SHOP}/c/school",
        utm_campaign="school_december",
        promo_start=on(0),
        promo_end=on(9),
    ),
    campaign(
        "Новичкам: как пользоваться баллами, каждую неделю",
        at(1, "12:00"),
        "new_customers(days=30)",
        {
            "ru": ("Ваши первые баллы", "Их уже можно тратить: до 30% следующего заказа."),
            "kk": ("Алғашқы ұпайларыңыз", "Келесі тапсырыстың 30%-ына дейін жұмсаңыз."),
        },
        link="app://points",
        utm_campaign="points_intro",
        repeat="FREQ=WEEKLY;COUNT=4",
        control_pct="10",
        goal_event="points_spent",
    ),
    campaign(
        "Вечер винила по местному времени",
        at(2, "19:00"),
        "viewed_category(category=vinyl, days=30)",
        {
            "ru": ("Вечер винила", "Новые поступления: посмотрите, пока не разобрали."),
            "kk": ("Винил кеші", "Жаңа түсімдер: таусылмай тұрып қараңыз."),
            "en": ("Vinyl night", "New arrivals: have a look before they are gone."),
        },
        link=f"{SHOP}/c/vinyl",
        utm_campaign="vinyl_night",
        local_time="yes",
    ),
    campaign(
        "Крупным покупателям: личный менеджер",
        at(2, "11:00"),
        "big_spenders(min_spent=80000)",
        {
            "ru": ("У вас есть помощник", "Подберём подарки за вас. Напишите в чат."),
            "en": ("Meet your assistant", "We pick the gifts for you. Write in the chat."),
        },
        link="app://chat/vip",
        utm_campaign="vip_assistant",
        priority="2",
        goal_event="chat_started",
    ),
    campaign(
        "Зарегистрировались, но не заказали: A/B",
        at(3, "10:00"),
        "registered_without_order(min_days=3, max_days=60)",
        {
            "ru": ("Первый заказ −500 ₸", "Скидка на любой товар. Действует три дня."),
            "kk": ("Алғашқы сатыпалу −500 ₸", "Кез келген тауарға жеңілдік. Үш күн бар."),
        },
        {
            "ru": ("500 ₸ в подарок", "Потратьте на что угодно за три дня."),
            "kk": ("500 ₸ сыйлық", "Үш күнде қалағаныңызға жұмсаңыз. Асығыңыз!"),
        },
        b_pct="30",
        link=f"{SHOP}/first",
        utm_campaign="first_order",
        promo_end=on(6),
    ),
    campaign(
        "Тем, кто открывает наши пуши: опрос",
        at(3, "15:00"),
        "openers_of_pushes(min_opens=3)",
        {
            "ru": ("Два вопроса вам", "Что добавить в магазин? Ответ займёт минуту."),
            "kk": ("Сізге екі сұрақ", "Дүкенге не қосайық? Бір минут қана жауап."),
        },
        link="app://survey/12",
        utm_campaign="survey_december",
        goal_event="survey_done",
        limit_mode="defer",
    ),
    campaign(
        "Годовщина регистрации, каждый день",
        at(5, "12:00"),
        "anniversaries",
        {
            "ru": ("Вы с нами {{ years }} г.", "Спасибо! В честь годовщины — подарок к заказу."),
            "kk": ("Бірге {{ years }} жыл", "Рақмет! Мерейтойға орай тапсырысқа сыйлық."),
            "en": ("{{ years }} y. together", "Thank you! A gift comes with your next order."),
        },
        link=f"{SHOP}/anniversary",
        utm_campaign="anniversary_daily",
        repeat="daily",
        promo_end=on(29),
    ),
    campaign(
        "Второй покупки ещё не было",
        at(7, "11:30"),
        "one_time_buyers(min_days=14, max_days=120)",
        {
            "ru": ("Второй заказ выгоднее", "{{ first_name | default: 'Привет' }}, вам −15% до пятницы."),
            "kk": ("Екінші сатып алу тиімді", "{{ first_name | default: 'Сәлем' }}, жұмаға дейін −15%."),
        },
        link=f"{SHOP}/second",
        utm_campaign="second_order",
    ),
    campaign(
        "Книги постоянным читателям (ещё думаем)",
        at(8, "18:00"),
        "repeat_buyers_of_category(category=books, min_orders=2)",
        {
            "ru": ("Новые книги декабря", "Двенадцать новинок, которые вам понравятся."),
            "kk": ("Желтоқсанның жаңа кітаптары", "Сізге ұнайтын он екі жаңа кітап."),
        },
        link=f"{SHOP}/c/books",
        utm_campaign="books_december",
        status="audience_ready",
    ),
    campaign(
        "Смотрели и не купили: цена снизилась",
        at(10, "13:00"),
        "viewed_not_bought(days=7)",
        {
            "ru": ("Цена стала ниже", "{{ product }} теперь {{ price }} ₸."),
            "kk": ("Баға төмендеді", "{{ product }} енді {{ price }} ₸ тұрады."),
            "en": ("The price is down", "{{ product }} is {{ price }} ₸ now."),
        },
        link=f"{SHOP}/viewed",
        utm_campaign="price_drop",
        exclude="bought_recently(days=7)",
    ),
    campaign(
        "Новогодние подарки",
        at(14, "11:00"),
        "everyone_with_consent",
        {
            "ru": ("Подарки до 5 000 ₸ 🎁", "Собрали сто идей. Доставим до 31 декабря."),
            "kk": ("5 000 ₸-ге дейін сыйлық", "Жүз идея жинадық. 31 желтоқсанға дейін жеткіземіз."),
            "en": ("Gifts under 5,000 ₸ 🎁", "A hundred ideas. Delivered before the 31st."),
        },
        link=f"{SHOP}/c/gifts",
        utm_campaign="new_year_gifts",
        throttle="2000",
        promo_end=on(28),
        tags="sale, gifts",
        image_url=f"{SHOP}/img/gifts.jpg",
    ),
    campaign(
        "График доставки в праздники",
        at(18, "10:00"),
        "bought_recently(days=14)",
        {
            "ru": ("Доставка в праздники", "1 и 2 января не возим. Заказы придут третьего."),
            "kk": ("Мерекедегі жеткізу", "1 және 2 қаңтарда демаламыз. Үшінші күні жеткіземіз."),
            "en": ("Holiday delivery", "No delivery on 1 and 2 January; orders come on the 3rd."),
        },
        link=f"{SHOP}/delivery",
        utm_campaign="holiday_delivery",
        kind="service",
        service_reason="Люди ждут свои заказы и должны знать срок",
        goal_event="",
    ),
    campaign(
        "Вернуть в приложение",
        at(20, "17:00"),
        "inactive_in_app(min_days=30, max_days=120)",
        {"ru": ("Что нового за месяц", "Избранное, отзывы с фото и оплата в один шаг.")},
        link="app://whats-new",
        utm_campaign="app_return",
        goal_event="app_opened",
    ),
    campaign(
        "Прошлая неделя: кино (не успели согласовать)",
        at(-4, "12:00"),
        "buyers_of_category(category=films, days=365)",
        {
            "ru": ("Вечер кино −10%", "Фильмы недели со скидкой до субботы."),
            "kk": ("Кино кеші −10%", "Апта фильмдері сенбіге дейін арзан. Көріңіз!"),
        },
        link=f"{SHOP}/c/films",
        utm_campaign="films_week",
    ),
    campaign(
        "Прошлая неделя: аудиотехника",
        at(-7, "18:00"),
        "viewed_category(category=audio, days=30)",
        {"ru": ("Наушники со скидкой", "Четыре модели дешевле до конца недели.")},
        link=f"{SHOP}/c/audio",
        utm_campaign="audio_week",
    ),
    {"idea": "День влюблённых: подарки парами", "owner": "m.lee", "goal_event": "order_paid"},
    {
        "idea": "Перекрёстно: кто купил винил, тому проигрыватели",
        "owner": "m.lee",
        "send_at": at(16, "12:00"),
        "title_ru": "К винилу — проигрыватель",
        "text_ru": "Подобрали три модели под вашу коллекцию.",
        "link": f"{SHOP}/c/audio?tag=turntable",
        "utm_campaign": "turntables",
    },
]

BROKEN: list[Cells] = [
    campaign(
        "Ошибка: UTM в ссылке и в имени",
        at(4, "12:00"),
        # Nobody else of the first day wants just these people: docs/first-campaign.md sends it then.
        "one_time_buyers(min_days=14, max_days=120)",
        {"ru": ("Скидки недели", "Лучшие цены ждут вас.")},
        link=f"{SHOP}/sale?utm_source=push&page=2",
        utm_campaign="Flash Sale",
    ),
    campaign(
        "Ошибка: неясная дата и нет такой аудитории",
        "08/09/2026",
        "new_customer",
        {"ru": ("Скидки недели", "Лучшие цены ждут вас.")},
        link=f"{SHOP}/sale",
        utm_campaign="unclear_date",
    ),
    campaign(
        "Ошибка: неизвестное поле и одиночная скобка",
        at(4, "12:00"),
        "rfm_champions",
        {"ru": ("Для вас, {{ nickname }}", "Скидка {20%} на любимое.")},
        link=f"{SHOP}/sale",
        utm_campaign="unknown_field",
    ),
    campaign(
        "Ошибка: длинный заголовок, B как A, имя без default",
        at(4, "12:00"),
        "rfm_champions",
        {
            "ru": ("Такая длинная новость, " * 3 + "конец", "{{ first_name }}, смотрите."),
            "kk": ("Жаңалық", "Қараңыз, ұнайды."),
        },
        {
            "ru": ("Новость", "Смотрите скорее."),
            "kk": ("Жаңалық", "Қараңыз, ұнайды."),
        },
        link=f"{SHOP}/sale",
        utm_campaign="long_title",
    ),
    campaign(
        "Ошибка: чужой адрес, контроль 80 %, промо задом наперёд",
        at(4, "12:00"),
        "rfm_champions",
        {"ru": ("Скидки недели", "Лучшие цены ждут вас.")},
        link="http://shop.example.kz.win-a-prize.top/sale",
        utm_campaign="foreign_host",
        control_pct="80",
        promo_start=on(9),
        promo_end=on(2),
    ),
    campaign(
        "Ошибка: прошлый год, сервисный без причины",
        "2025-11-11 11:00",
        "buyers_of_category(category=music, years=2)",
        {"ru": ("Скидки недели", "Лучшие цены ждут вас.")},
        link=f"{SHOP}/sale",
        utm_campaign="last_year",
        kind="service",
    ),
]


def main() -> None:
    """Write both files beside this one."""
    rows = GOOD + BROKEN
    (FOLDER / "campaigns_month.csv").write_bytes(write_csv(rows))
    book = write_xlsx(rows, audiences=list(Catalogue()))
    (FOLDER / "campaigns_month.xlsx").write_bytes(book)


if __name__ == "__main__":
    main()
