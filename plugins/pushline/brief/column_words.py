"""What a column is called and what its tooltip says, in the three languages of the page."""

from pushline.sentence import Sentence

TITLE_HINT = Sentence(
    "One line; Android shows about 23 letters",
    "Одна строка; видно около 23 букв",
    "Бір жол; шамамен 23 әріп көрінеді",
)
BODY_HINT = Sentence(
    "The offer in the first words", "Предложение в первых словах", "Ұсыныс алғашқы сөздерде"
)

# Key of a column -> (header, hint).
COLUMN_WORDS: dict[str, tuple[Sentence, Sentence]] = {
    "campaign_id": (
        Sentence("ID", "ID", "ID"),
        Sentence("Made by us", "Создаёт Pushline", "Өзіміз береміз"),
    ),
    "status": (
        Sentence("Status", "Статус", "Күйі"),
        Sentence("Where it stands", "Где бриф сейчас", "Бриф қай қадамда"),
    ),
    "idea": (
        Sentence("Message idea", "Идея", "Идея"),
        Sentence("What and why", "Что и зачем", "Не және не үшін"),
    ),
    "goal_event": (
        Sentence("Goal", "Цель", "Мақсат"),
        Sentence("Event to reach", "Целевое событие", "Жеткізгіңіз келген оқиға"),
    ),
    "promo_start": (
        Sentence("Promo from", "Промо с", "Промо басы"),
        Sentence("First day", "Первый день", "Бірінші күні"),
    ),
    "promo_end": (
        Sentence("Promo to", "Промо по", "Промо соңы"),
        Sentence("Last day", "Последний день", "Соңғы күні"),
    ),
    "owner": (
        Sentence("Owner", "Ответственный", "Жауапты"),
        Sentence("Who answers for it", "Кто отвечает", "Кім жауап береді"),
    ),
    "title_ru": (Sentence("Title RU", "Заголовок RU", "Тақырып RU"), TITLE_HINT),
    "text_ru": (Sentence("Text RU", "Текст RU", "Мәтін RU"), BODY_HINT),
    "title_kk": (Sentence("Title KK", "Заголовок KK", "Тақырып KK"), TITLE_HINT),
    "text_kk": (Sentence("Text KK", "Текст KK", "Мәтін KK"), BODY_HINT),
    "title_en": (Sentence("Title EN", "Заголовок EN", "Тақырып EN"), TITLE_HINT),
    "text_en": (Sentence("Text EN", "Текст EN", "Мәтін EN"), BODY_HINT),
    "title_b_ru": (Sentence("Title B RU", "Заголовок B RU", "Тақырып B RU"), TITLE_HINT),
    "text_b_ru": (Sentence("Text B RU", "Текст B RU", "Мәтін B RU"), BODY_HINT),
    "title_b_kk": (Sentence("Title B KK", "Заголовок B KK", "Тақырып B KK"), TITLE_HINT),
    "text_b_kk": (Sentence("Text B KK", "Текст B KK", "Мәтін B KK"), BODY_HINT),
    "title_b_en": (Sentence("Title B EN", "Заголовок B EN", "Тақырып B EN"), TITLE_HINT),
    "text_b_en": (Sentence("Text B EN", "Текст B EN", "Мәтін B EN"), BODY_HINT),
    "b_pct": (
        Sentence("Share of B, %", "Доля B, %", "B үлесі, %"),
        Sentence("50 if empty", "50, если пусто", "Бос болса — 50"),
    ),
    "link": (
        Sentence("Link", "Ссылка", "Сілтеме"),
        Sentence("Without utm_", "Без utm_", "utm_ қоспай"),
    ),
    "utm_campaign": (
        Sentence("utm_campaign", "utm_campaign", "utm_campaign"),
        Sentence("school_2026", "school_2026", "school_2026"),
    ),
    "image_url": (
        Sentence("Picture", "Картинка", "Сурет"),
        Sentence("https, 2:1", "https, 2:1", "https, 2:1"),
    ),
    "send_at": (
        Sentence("Send at", "Когда", "Қашан"),
        Sentence("2026-08-15 11:00", "2026-08-15 11:00", "2026-08-15 11:00"),
    ),
    "local_time": (
        Sentence("User's local time", "По времени пользователя", "Алушының уақытымен"),
        Sentence(
            "yes: at that hour where each user lives",
            "да: в этот час у каждого",
            "иә: әркімнің өз уақытында осы сағатта",
        ),
    ),
    "repeat": (
        Sentence("Repeat", "Повтор", "Қайталау"),
        Sentence(
            "weekly or FREQ=WEEKLY;COUNT=4",
            "weekly или FREQ=WEEKLY;COUNT=4",
            "weekly немесе FREQ=WEEKLY;COUNT=4",
        ),
    ),
    "ttl_hours": (
        Sentence("Lives, h", "Живёт, ч", "Мерзімі, сағ"),
        Sentence(
            "24 or till the promo ends", "24 или до конца промо", "24 немесе промо соңына дейін"
        ),
    ),
    "kind": (
        Sentence("Kind", "Тип", "Түрі"),
        Sentence("promo if empty", "promo, если пусто", "Бос болса — promo"),
    ),
    "service_reason": (
        Sentence("Why service", "Почему сервисный", "Неге сервистік"),
        Sentence("Needed for service", "Нужно для сервисных", "Сервистік пуштарға керек"),
    ),
    "tags": (
        Sentence("Tags", "Теги", "Тегтер"),
        Sentence("sale, shoes", "sale, shoes", "sale, shoes"),
    ),
    "audience": (
        Sentence("Audience", "Аудитория", "Аудитория"),
        Sentence("A file of sql/audiences", "Файл из sql/audiences", "sql/audiences ішіндегі файл"),
    ),
    "exclude": (
        Sentence("Except", "Кроме", "Кімнен басқа"),
        Sentence("Audiences, by commas", "Аудитории через запятую", "Аудиториялар, үтірмен"),
    ),
    "control_pct": (
        Sentence("Control, %", "Контроль, %", "Бақылау тобы, %"),
        Sentence("5 if empty", "5, если пусто", "Бос болса — 5"),
    ),
    "priority": (
        Sentence("Priority", "Приоритет", "Басымдық"),
        Sentence(
            "1 is first; 5 if empty", "1 — первый; 5, если пусто", "1 — бірінші; бос болса — 5"
        ),
    ),
    "max_users": (
        Sentence("At most", "Не больше", "Ең көбі"),
        Sentence("Users", "Людей", "Адам саны"),
    ),
    "throttle": (
        Sentence("Pushes a minute", "Пушей в минуту", "Минутына пуш"),
        Sentence("Empty: all at once", "Пусто: сразу все", "Бос болса — бәрі бірден"),
    ),
    "limit_mode": (
        Sentence("If capped or quiet", "Если лимит/тихие часы", "Лимит не тыныш сағат болса"),
        Sentence("drop if empty", "drop, если пусто", "Бос болса — drop"),
    ),
}

# Columns that Pushline writes into files and never reads.
REPORT_WORDS: dict[str, Sentence] = {
    "problems": Sentence("Problems", "Проблемы", "Мәселелер"),
    "reach": Sentence("Reach", "Дойдёт", "Алады"),
    "capped": Sentence("Capped", "Срезано лимитом", "Лимит кескен"),
    "sent": Sentence("Sent", "Отправлено", "Жіберілді"),
    "clicks": Sentence("Clicks", "Клики", "Басулар"),
    "uplift": Sentence("Uplift", "Прирост", "Өсім"),
}
