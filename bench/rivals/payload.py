"""A push as one message: what a sender needs of it, some 430 bytes of JSON."""

import json

MESSAGE = {
    "push_id": "5f0c7a4e-3a52-4d53-9d1c-0b1f6f3a9c10",
    "run_id": 1,
    "user_id": 0,
    "variant": 0,
    "language": "ru",
    "title": "Айгүл, всё для дома сегодня дешевле",
    "body": "В городе Алматы скидки до конца недели, выберите своё",
    "link": "https://shop.example.kz/sale?utm_source=pushline&utm_medium=push&utm_campaign=week&utm_content=a",
    "expires_at": "2026-11-22T07:00:00Z",
}


def messages(count: int) -> list[str]:
    """Return so many messages, each for another user."""
    return [
        json.dumps(MESSAGE | {"user_id": 1_000_000 + number}, ensure_ascii=False)
        for number in range(count)
    ]
