"""Every sentence that the sync writes into the tab, in two languages; each says the way out."""

from pushline.model import Sentence

SENTENCES: dict[str, tuple[str, str]] = {
    # of one cell
    "conflict": (
        "“{header_en}” was changed here and on the page. The page says “{theirs}” ({by}). Clear "
        "this cell to take that, or change the page to what stands here.",
        "«{header}» изменили и здесь, и на странице. На странице: «{theirs}» ({by}). Очистите эту "
        "ячейку, чтобы взять текст страницы, или измените текст на странице.",
    ),
    "approved": (
        "“{header_en}” was changed after approval and is not taken; approved is “{theirs}”. "
        "Withdraw the approval on the page, and it is taken, or put the approved text back.",
        "«{header}» изменено после согласования и не принято; согласовано «{theirs}». Отзовите "
        "согласование на странице, и текст будет принят, или верните согласованный.",
    ),
    "started": (
        "“{header_en}” was changed when the campaign was already being sent, sent or cancelled; it "
        "says “{theirs}”. Put that back, or copy the campaign on the page.",
        "«{header}» изменено, когда кампания уже отправлялась, отправлена или отменена; в ней "
        "«{theirs}». Верните это или скопируйте кампанию на странице.",
    ),
    "formula_error": (
        "The formula in “{header_en}” has an error. Mend it, then the cell is taken.",
        "В «{header}» ошибка формулы. Исправьте её, и ячейка будет принята.",
    ),
    "too_long": (
        "“{header_en}” is too long for any push. Shorten it, then it is taken.",
        "«{header}» длиннее любого пуша. Сократите, и текст будет принят.",
    ),
    "status_is_ours": (
        "The status is moved on the page, not here.",
        "Статус меняют на странице, не здесь.",
    ),
    # of one row
    "bad_campaign_id": (
        "IDs look like C-2026-118 and are made by Pushline. Clear the ID to make a new campaign.",
        "ID вида C-2026-118 создаёт Pushline. Очистите ID, чтобы это стало новой кампанией.",
    ),
    "unknown_campaign": (
        "There is no campaign {code}. Clear the ID to make this row a new one.",
        "Кампании {code} нет. Очистите ID, чтобы строка стала новой кампанией.",
    ),
    "same_id_twice": (
        "{code} stands in row {other} already; this row is not taken. Clear its ID to make it a "
        "new campaign.",
        "{code} уже стоит в строке {other}; эта строка не принята. Очистите её ID, чтобы она стала "
        "новой кампанией.",
    ),
    "removed": (
        "This campaign was removed on the page. Delete the row, or clear its ID to make it anew.",
        "Кампанию удалили на странице. Удалите строку или очистите её ID, чтобы завести заново.",
    ),
    "came_back": (
        "This row was deleted here, but the campaign goes on. Cancel or remove it on the page.",
        "Строку здесь удалили, но кампания остаётся. Отмените или удалите её на странице.",
    ),
    # of the table
    "missing_column": (
        "The column “{header_en}” is missing, so its texts stay as they are on the page. Put the "
        "header “{header_en}” back.",
        "Нет колонки «{header}», поэтому её тексты остаются такими, как на странице. Верните "
        "заголовок «{header}».",
    ),
    "renamed_column": (
        "The column “{header_en}” is now called “{now}” and is not synced. Rename it back.",
        "Колонка «{header}» теперь называется «{now}» и не синхронизируется. Верните название.",
    ),
    "doubled_column": (
        "The column “{header_en}” stands here twice, so neither is synced. Rename one of them.",
        "Колонка «{header}» стоит дважды, поэтому ни одна не синхронизируется. Переименуйте одну.",
    ),
    "emptied_column": (
        "All texts of “{header_en}” vanished at once, so the page's were put back. If it was "
        "meant, clear them on the page.",
        "Все тексты «{header}» исчезли сразу, поэтому возвращены тексты страницы. Если так и "
        "задумано, очистите их на странице.",
    ),
    "lost_header": (
        "The row with the headers is not among the first {rows} rows, so nothing is synced. Put it "
        "back: ID, Status, Message idea and so on.",
        "Среди первых строк ({rows}) нет строки с заголовками, поэтому синхронизации нет. "
        "Верните её: ID, Статус, Идея и так далее.",
    ),
    # of the spreadsheet, for the page and the DAG
    "no_answer": (
        "Google Sheets did not answer: the line broke or is slow. The next sync goes on.",
        "Google Таблицы не ответили: связь оборвалась или медленная. Следующая синхронизация "
        "продолжит.",
    ),
    "google_busy": (
        "Google Sheets is busy ({status}). The next sync goes on.",
        "Google Таблицы заняты ({status}). Следующая синхронизация продолжит.",
    ),
    "write_refused": (
        "The tab was changed while it was synced: {told}. The next sync goes on.",
        "Лист изменили во время синхронизации: {told}. Следующая синхронизация продолжит.",
    ),
    "no_tab": (
        "The spreadsheet has no tab “{name}”. Make one, or put the right name into the connection "
        "pushline_google.",
        "В таблице нет листа «{name}». Создайте его или укажите верное имя в соединении "
        "pushline_google.",
    ),
    "no_spreadsheet": (
        "There is no spreadsheet with this id. Put its address into the connection "
        "pushline_google.",
        "Таблицы с таким id нет. Укажите её адрес в соединении pushline_google.",
    ),
    "no_entry": (
        "Google does not let the service account in. Share the spreadsheet with its mail address "
        "as an editor, and leave the protected ranges of the tab open for it.",
        "Google не пускает сервисный аккаунт. Откройте таблицу для его адреса с правом "
        "редактирования и не закрывайте от него защищённые диапазоны листа.",
    ),
    "bad_key": (
        "Google does not accept the key of the service account: {told}. Make a new key and put it "
        "into the connection pushline_google.",
        "Google не принимает ключ сервисного аккаунта: {told}. Создайте новый ключ и укажите его "
        "в соединении pushline_google.",
    ),
    "no_key": (
        "keyfile_dict of the connection pushline_google is not the key of a service account. Paste "
        "the whole JSON file that Google gave.",
        "keyfile_dict соединения pushline_google — не ключ сервисного аккаунта. Вставьте целиком "
        "файл JSON, который дал Google.",
    ),
    "lacking": (
        "The connection pushline_google lacks {names} in its extra. docs/google-sheet.md shows it.",
        "В extra соединения pushline_google не хватает: {names}. Пример в docs/google-sheet.md.",
    ),
    "google_says": (
        "Google Sheets answered {status}: {told}. Look at the spreadsheet, then sync again.",
        "Google Таблицы ответили {status}: {told}. Проверьте таблицу и повторите.",
    ),
    "sync_running": (
        "A sync is under way; wait until it has ended.",
        "Синхронизация уже идёт; дождитесь её конца.",
    ),
    "see_note": ("see the note here", "см. примечание"),
}


def say(code: str, /, **words: object) -> Sentence:
    """Return a sentence of the sync."""
    return Sentence.say(SENTENCES, code, **words)
