"""What the demo shop sells and where its customers live: written lists, the same every time."""

from collections.abc import Iterator
from itertools import accumulate

# country, zone, share of customers, name in English, Russian, Kazakh
CITIES: tuple[tuple[str, str, int, str, str, str], ...] = (
    ("KZ", "Asia/Almaty", 300, "Almaty", "Алматы", "Алматы"),
    ("KZ", "Asia/Almaty", 190, "Astana", "Астана", "Астана"),
    ("KZ", "Asia/Almaty", 110, "Shymkent", "Шымкент", "Шымкент"),
    ("KZ", "Asia/Almaty", 50, "Karaganda", "Караганда", "Қарағанды"),
    ("KZ", "Asia/Aqtobe", 45, "Aktobe", "Актобе", "Ақтөбе"),
    ("KZ", "Asia/Almaty", 35, "Taraz", "Тараз", "Тараз"),
    ("KZ", "Asia/Almaty", 30, "Pavlodar", "Павлодар", "Павлодар"),
    ("KZ", "Asia/Almaty", 28, "Oskemen", "Усть-Каменогорск", "Өскемен"),
    ("KZ", "Asia/Atyrau", 28, "Atyrau", "Атырау", "Атырау"),
    ("KZ", "Asia/Qostanay", 26, "Kostanay", "Костанай", "Қостанай"),
    ("KZ", "Asia/Qyzylorda", 25, "Kyzylorda", "Кызылорда", "Қызылорда"),
    ("KZ", "Asia/Oral", 22, "Oral", "Уральск", "Орал"),
    ("KZ", "Asia/Aqtau", 20, "Aktau", "Актау", "Ақтау"),
    ("RU", "Europe/Moscow", 25, "Moscow", "Москва", "Мәскеу"),
    ("RU", "Asia/Omsk", 8, "Omsk", "Омск", "Омбы"),
    ("UZ", "Asia/Tashkent", 18, "Tashkent", "Ташкент", "Ташкент"),
    ("KG", "Asia/Bishkek", 12, "Bishkek", "Бишкек", "Бішкек"),
    ("DE", "Europe/Berlin", 8, "Berlin", "Берлин", "Берлин"),
    ("US", "America/New_York", 6, "New York", "Нью-Йорк", "Нью-Йорк"),
    ("TR", "Europe/Istanbul", 6, "Istanbul", "Стамбул", "Стамбұл"),
    ("AE", "Asia/Dubai", 4, "Dubai", "Дубай", "Дубай"),
    ("NP", "Asia/Kathmandu", 2, "Kathmandu", "Катманду", "Катманду"),
    ("AU", "Australia/Lord_Howe", 1, "Lord Howe", "Лорд-Хау", "Лорд-Хау"),
    ("WS", "Pacific/Apia", 1, "Apia", "Апиа", "Апиа"),
)

# code, name in English, Russian, Kazakh, lowest and highest list price in tenge
CATEGORIES: tuple[tuple[str, str, str, str, int, int], ...] = (
    ("music", "Music", "Музыка", "Музыка", 3990, 8990),
    ("vinyl", "Vinyl", "Винил", "Винил", 9990, 24990),
    ("films", "Films", "Фильмы", "Фильмдер", 2990, 7990),
    ("books", "Books", "Книги", "Кітаптар", 2490, 9990),
    ("games", "Board games", "Настольные игры", "Үстел ойындары", 6990, 29990),
    ("audio", "Headphones and players", "Наушники и плееры", "Құлаққаптар", 9990, 149990),
    ("school", "School", "Школа", "Мектеп", 1490, 24990),
    ("gifts", "Gifts", "Подарки", "Сыйлықтар", 1990, 19990),
)
PRODUCTS_PER_CATEGORY = 100

_FIRST_WORDS = (
    "Steppe", "Silk Road", "Altai", "Night Train", "Blue Sky", "Seven Rivers", "Golden Man",
    "Caspian", "Apple City", "Long Winter",
)  # fmt: skip
_SECOND_WORDS: dict[str, tuple[str, ...]] = {
    "music": ("Songs", "Sessions", "Live", "Ballads", "Nocturnes", "Dances", "Remixes", "Unplugged",
              "Suite", "Radio Hits"),
    "vinyl": ("Jazz LP", "Rock LP", "Folk LP", "Soul LP", "Piano LP", "Choir LP", "Disco LP",
              "Blues LP", "Strings LP", "Film Music LP"),
    "films": ("Story", "Express", "Detective", "Comedy", "Chronicle", "Legend", "Western",
              "Mystery", "Cartoon", "Documentary"),
    "books": ("Novel", "Poems", "Atlas", "Cookbook", "Fairy Tales", "History", "Diary", "Guide",
              "Comics", "Short Stories"),
    "games": ("Caravan Game", "Chess", "Puzzle", "Trivia", "Card Duel", "Dice Race", "Word Game",
              "Map Game", "Memory", "Detective Game"),
    "audio": ("Headphones", "Earbuds", "Player", "Speaker", "Turntable", "Microphone", "Amplifier",
              "Radio", "Sound Bar", "Headset"),
    "school": ("Backpack", "Pencil Case", "Notebook Set", "Lunch Box", "Paint Box", "Sports Bag",
               "Desk Lamp", "Calculator", "Globe", "Pen Set"),
    "gifts": ("Mug", "Poster", "T-shirt", "Candle", "Gift Box", "Postcards", "Tote Bag", "Keyring",
              "Calendar", "Snow Globe"),
}  # fmt: skip


def city_rows() -> Iterator[tuple[int, str, str, str, str, str]]:
    """Rows of shop.city: number, country, zone, names in English, Russian and Kazakh."""
    for number, (country, zone, _, english, russian, kazakh) in enumerate(CITIES, start=1):
        yield number, country, zone, english, russian, kazakh


def city_shares() -> list[float]:
    """Cumulative shares of all cities but the last, for width_bucket."""
    weights = [city[2] for city in CITIES]
    total = sum(weights)
    return [reached / total for reached in accumulate(weights[:-1])]


def category_rows() -> Iterator[tuple[int, str, str, str, str]]:
    """Rows of shop.category: number, code, names in English, Russian and Kazakh."""
    for number, (code, english, russian, kazakh, _, _) in enumerate(CATEGORIES, start=1):
        yield number, code, english, russian, kazakh


def product_rows() -> Iterator[tuple[int, int, str, str, int]]:
    """Rows of shop.product: 100 a category, with prices that end in 90."""
    for number, (code, _, _, _, lowest, highest) in enumerate(CATEGORIES, start=1):
        for place in range(PRODUCTS_PER_CATEGORY):
            title = f"{_FIRST_WORDS[place % 10]} {_SECOND_WORDS[code][(place // 10 + place) % 10]}"
            # 37 and 100 share no divisor: prices are spread over the popular and the rare.
            price = lowest + (highest - lowest) * (place * 37 % 100) // 99
            path = f"/{code}/{title.lower().replace(' ', '-')}"
            product = (number - 1) * PRODUCTS_PER_CATEGORY + place + 1
            yield product, number, title, path, price // 100 * 100 + 90
