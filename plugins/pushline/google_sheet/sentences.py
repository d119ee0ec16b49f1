"""Every sentence that the sync writes into the tab, in three languages; each says the way out."""

from pushline.sentence import Sentence, Wordings

SENTENCES: dict[str, Wordings] = {
    # of one cell
    "conflict": (
        "“{header}” was changed here and on the page. The page says “{theirs}” ({by}). Clear "
        "this cell to take that, or change the page to what stands here.",
        "«{header}» изменили и здесь, и на странице. На странице: «{theirs}» ({by}). Очистите "
        "эту ячейку, чтобы взять текст страницы, или измените текст на странице.",
        "«{header}» осы жерде де, бетте де өзгертілген. Бетте: «{theirs}» ({by}). Беттегі "
        "мәтінді алу үшін осы ұяшықты тазалаңыз немесе беттегі мәтінді өзгертіңіз.",
    ),
    "approved": (
        "“{header}” was changed after approval and is not taken; approved is “{theirs}”. "
        "Withdraw the approval on the page, and it is taken, or put the approved text back.",
        "«{header}» изменено после согласования и не принято; согласовано «{theirs}». Отзовите "
        "согласование на странице, и текст будет принят, или верните согласованный.",
        "«{header}» мақұлданғаннан кейін өзгертілген, сондықтан қабылданбады; мақұлданғаны — "
        "«{theirs}». Бетте мақұлдауды қайтарып алсаңыз, қабылданады, әйтпесе мақұлданған мәтінді "
        "қайтарыңыз.",
    ),
    "started": (
        "“{header}” was changed when the campaign was already being sent, sent or cancelled; it "
        "says “{theirs}”. Put that back, or copy the campaign on the page.",
        "«{header}» изменено, когда кампания уже отправлялась, отправлена или отменена; в ней "
        "«{theirs}». Верните это или скопируйте кампанию на странице.",
        "«{header}» науқан жіберіліп жатқанда, жіберілгенде немесе одан бас тартылғанда "
        "өзгертілген; онда «{theirs}» тұр. Соны қайтарыңыз немесе науқанды бетте көшіріңіз.",
    ),
    "formula_error": (
        "The formula in “{header}” has an error. Mend it, then the cell is taken.",
        "В «{header}» ошибка формулы. Исправьте её, и ячейка будет принята.",
        "«{header}» ұяшығындағы формулада қате бар. Түзетсеңіз, ұяшық қабылданады.",
    ),
    "too_long": (
        "“{header}” is too long for any push. Shorten it, then it is taken.",
        "«{header}» длиннее любого пуша. Сократите, и текст будет принят.",
        "«{header}» кез келген пуштан ұзын. Қысқартсаңыз, қабылданады.",
    ),
    "status_is_ours": (
        "The status is moved on the page, not here.",
        "Статус меняют на странице, не здесь.",
        "Күйі бетте өзгертіледі, мұнда емес.",
    ),
    # of one row
    "bad_campaign_id": (
        "IDs look like C-2026-118 and are made by Pushline. Clear the ID to make a new campaign.",
        "ID вида C-2026-118 создаёт Pushline. Очистите ID, чтобы это стало новой кампанией.",
        "C-2026-118 түріндегі ID-ді Pushline жасайды. Жаңа науқан ашу үшін ID-ді тазалаңыз.",
    ),
    "unknown_campaign": (
        "There is no campaign {code}. Clear the ID to make this row a new one.",
        "Кампании {code} нет. Очистите ID, чтобы строка стала новой кампанией.",
        "{code} науқаны жоқ. Бұл жол жаңа науқан болуы үшін ID-ді тазалаңыз.",
    ),
    "same_id_twice": (
        "{code} stands in row {other} already; this row is not taken. Clear its ID to make it a "
        "new campaign.",
        "{code} уже стоит в строке {other}; эта строка не принята. Очистите её ID, чтобы она "
        "стала новой кампанией.",
        "{code} {other}-жолда тұр; бұл жол қабылданбады. Жаңа науқан болуы үшін оның ID-ін "
        "тазалаңыз.",
    ),
    "removed": (
        "This campaign was removed on the page. Delete the row, or clear its ID to make it anew.",
        "Кампанию удалили на странице. Удалите строку или очистите её ID, чтобы завести заново.",
        "Бұл науқан бетте алып тасталған. Жолды өшіріңіз немесе қайта ашу үшін ID-ін тазалаңыз.",
    ),
    "came_back": (
        "This row was deleted here, but the campaign goes on. Cancel or remove it on the page.",
        "Строку здесь удалили, но кампания остаётся. Отмените или удалите её на странице.",
        "Жол мұнда өшірілген, бірақ науқан қалады. Бетте одан бас тартыңыз немесе алып тастаңыз.",
    ),
    # of the table
    "missing_column": (
        "The column “{header}” is missing, so its texts stay as they are on the page. Put the "
        "header “{header}” back.",
        "Нет столбца «{header}», поэтому его тексты остаются такими, как на странице. Верните "
        "заголовок «{header}».",
        "«{header}» бағаны жоқ, сондықтан оның мәтіндері беттегідей қалады. «{header}» атауын "
        "қайтарыңыз.",
    ),
    "renamed_column": (
        "The column “{header}” is now called “{now}” and is not synced. Rename it back.",
        "Столбец «{header}» теперь называется «{now}» и не синхронизируется. Верните название.",
        "«{header}» бағаны енді «{now}» деп аталады, ол синхрондалмайды. Атауын қайтарыңыз.",
    ),
    "doubled_column": (
        "The column “{header}” stands here twice, so neither is synced. Rename one of them.",
        "Столбец «{header}» стоит дважды, поэтому ни один не синхронизируется. Переименуйте один.",
        "«{header}» бағаны екі рет тұр, сондықтан екеуі де синхрондалмайды. Біреуінің атын "
        "өзгертіңіз.",
    ),
    "emptied_column": (
        "All texts of “{header}” vanished at once, so the page's were put back. If it was meant, "
        "clear them on the page.",
        "Все тексты «{header}» исчезли сразу, поэтому возвращены тексты страницы. Если так и "
        "задумано, очистите их на странице.",
        "«{header}» мәтіндері бірден түгел жоғалды, сондықтан беттегі мәтіндер қайтарылды. "
        "Осылай керек болса, оларды бетте тазалаңыз.",
    ),
    "lost_header": (
        "The row with the headers is not among the first {rows} rows, so nothing is synced. Put "
        "it back: ID, Status, Message idea and so on.",
        "Среди первых строк ({rows}) нет строки с заголовками, поэтому синхронизации нет. "
        "Верните её: ID, Статус, Идея и так далее.",
        "Алғашқы {rows} жолдың арасында баған атаулары жоқ, сондықтан синхрондау болмайды. "
        "Қайтарыңыз: ID, Күйі, Идея және басқалары.",
    ),
    # of the spreadsheet, for the page and the DAG
    "no_answer": (
        "Google Sheets did not answer: the line broke or is slow. The next sync goes on.",
        "Google Таблицы не ответили: связь оборвалась или медленная. Следующая синхронизация "
        "продолжит.",
        "Google Кестелер жауап бермеді: байланыс үзілді немесе баяу. Келесі синхрондау "
        "жалғастырады.",
    ),
    "google_busy": (
        "Google Sheets is busy ({status}). The next sync goes on.",
        "Google Таблицы заняты ({status}). Следующая синхронизация продолжит.",
        "Google Кестелер бос емес ({status}). Келесі синхрондау жалғастырады.",
    ),
    "write_refused": (
        "The tab was changed while it was synced: {told}. The next sync goes on.",
        "Лист изменили во время синхронизации: {told}. Следующая синхронизация продолжит.",
        "Парақ синхрондау кезінде өзгертілді: {told}. Келесі синхрондау жалғастырады.",
    ),
    "no_tab": (
        "The spreadsheet has no tab “{name}”. Make one, or put the right name into the "
        "connection pushline_google.",
        "В таблице нет листа «{name}». Создайте его или укажите верное имя в соединении "
        "pushline_google.",
        "Кестеде «{name}» парағы жоқ. Оны ашыңыз немесе pushline_google қосылымына дұрыс атын "
        "жазыңыз.",
    ),
    "no_spreadsheet": (
        "There is no spreadsheet with this id. Put its address into the connection "
        "pushline_google.",
        "Таблицы с таким id нет. Укажите её адрес в соединении pushline_google.",
        "Мұндай id бар кесте жоқ. Мекенжайын pushline_google қосылымына жазыңыз.",
    ),
    "no_entry": (
        "Google does not let the service account in. Share the spreadsheet with its mail address "
        "as an editor, and leave the protected ranges of the tab open for it.",
        "Google не пускает сервисный аккаунт. Откройте таблицу для его адреса с правом "
        "редактирования и не закрывайте от него защищённые диапазоны листа.",
        "Google сервистік аккаунтты кіргізбейді. Кестені оның мекенжайына редактор етіп ашыңыз "
        "және парақтың қорғалған ауқымдарын одан жаппаңыз.",
    ),
    "bad_key": (
        "Google does not accept the key of the service account: {told}. Make a new key and put "
        "it into the connection pushline_google.",
        "Google не принимает ключ сервисного аккаунта: {told}. Создайте новый ключ и укажите его "
        "в соединении pushline_google.",
        "Google сервистік аккаунттың кілтін қабылдамайды: {told}. Жаңа кілт жасап, "
        "pushline_google қосылымына жазыңыз.",
    ),
    "no_key": (
        "keyfile_dict of the connection pushline_google is not the key of a service account. "
        "Paste the whole JSON file that Google gave.",
        "keyfile_dict соединения pushline_google — не ключ сервисного аккаунта. Вставьте целиком "
        "файл JSON, который дал Google.",
        "pushline_google қосылымындағы keyfile_dict сервистік аккаунттың кілті емес. Google "
        "берген JSON файлын түгел қойыңыз.",
    ),
    "lacking": (
        "The connection pushline_google lacks {names} in its extra. docs/google-sheet.md shows it.",
        "В extra соединения pushline_google не хватает: {names}. Пример в docs/google-sheet.md.",
        "pushline_google қосылымының extra бөлігінде мыналар жетіспейді: {names}. Үлгісі "
        "docs/google-sheet.md ішінде.",
    ),
    "too_many_rows": (
        "The tab has {count} rows with something in them; {most} can be kept in step. Move those "
        "that are done to another tab, then sync again.",
        "На листе {count} заполненных строк; синхронизировать можно {most}. Перенесите завершённые "
        "на другой лист и повторите.",
        "Парақта {count} толтырылған жол бар; {most} жолды синхрондауға болады. Аяқталғандарын "
        "басқа параққа көшіріп, қайта синхрондаңыз.",
    ),
    "google_says": (
        "Google Sheets answered {status}: {told}. Look at the spreadsheet, then sync again.",
        "Google Таблицы ответили {status}: {told}. Проверьте таблицу и повторите.",
        "Google Кестелер жауабы {status}: {told}. Кестені тексеріп, қайта синхрондаңыз.",
    ),
    "sync_running": (
        "A sync is under way; wait until it has ended.",
        "Синхронизация уже идёт; дождитесь её конца.",
        "Синхрондау жүріп жатыр; біткенін күтіңіз.",
    ),
    "see_note": (
        "see the note here",
        "см. примечание",
        "ескертпені қараңыз",
    ),
    # when no sentence is known
    "stopped": (
        "The sync stopped: {told}",
        "Синхронизация остановилась. Скажите команде данных.",
        "Синхрондау тоқтап қалды. Деректер командасына айтыңыз.",
    ),
}


def say(code: str, /, **words: object) -> Sentence:
    """Return a sentence of the sync."""
    return Sentence.say(SENTENCES, code, **words)
