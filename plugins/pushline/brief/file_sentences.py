"""Every sentence about a file with a sheet and its import; each says the way out."""

from pushline.sentence import Wordings

FILE_SENTENCES: dict[str, Wordings] = {
    # import
    "unknown_campaign": (
        "There is no brief {value}. Clear the cell to create a new one.",
        "Брифа {value} нет. Очистите ячейку, чтобы создать новый.",
        "{value} брифі жоқ. Жаңасын ашу үшін ұяшықты тазалаңыз.",
    ),
    "changed_after_approval": (
        "{brief} is “{status}”: a file cannot change it. Withdraw the approval or copy it.",
        "{brief} в статусе «{status}»: файл его не изменит. Отзовите согласование или скопируйте "
        "бриф.",
        "{brief} «{status}» күйінде: файл оны өзгертпейді. Мақұлдауды қайтарып алыңыз немесе "
        "брифті көшіріңіз.",
    ),
    "same_row_twice": (
        "This row says the same as row {other}. Delete one of them.",
        "Эта строка повторяет строку {other}. Удалите одну из них.",
        "Бұл жол {other}-жолды қайталайды. Біреуін өшіріңіз.",
    ),
    "same_id_twice": (
        "Row {other} has the same ID. Leave one of them.",
        "У строки {other} тот же ID. Оставьте одну из них.",
        "{other}-жолдың ID-і де осындай. Біреуін ғана қалдырыңыз.",
    ),
    "same_utm_twice": (
        "Row {other} has the same utm_campaign: reports cannot tell them apart. Change one.",
        "У строки {other} тот же utm_campaign: в отчётах их не различить. Измените один.",
        "{other}-жолдың utm_campaign мәні де осындай: есепте оларды ажырату мүмкін емес. Біреуін "
        "өзгертіңіз.",
    ),
    "all_good": (
        "{file}: all rows are good ({good}).",
        "{file}: все строки в порядке ({good}).",
        "{file}: барлық жол дұрыс ({good}).",
    ),
    "some_bad": (
        "There are some problems with {file}. {good} rows went in, {bad} did not. You need to:",
        "В {file} есть проблемы. Принято строк: {good}, не принято: {bad}. Нужно:",
        "{file} файлында қателер бар. Қабылданған жол: {good}, қабылданбағаны: {bad}. Не істеу "
        "керек:",
    ),
    # files
    "file_too_big": (
        "The file has {size} MB, at most {limit} are allowed. Split it.",
        "В файле {size} МБ, можно до {limit}. Разделите его.",
        "Файл {size} МБ, ең көбі {limit} МБ болады. Бөліп жүктеңіз.",
    ),
    "file_kind": (
        "This is not a CSV or XLSX file. Save the sheet as one of them.",
        "Это не CSV и не XLSX. Сохраните таблицу в одном из этих форматов.",
        "Бұл CSV де, XLSX те емес. Кестені осы пішімдердің бірінде сақтаңыз.",
    ),
    "file_locked": (
        "The file has a password or is an old .xls. Save it as XLSX without a password.",
        "Файл под паролем или это старый .xls. Сохраните его как XLSX без пароля.",
        "Файл құпиясөзбен жабылған немесе ескі .xls. XLSX түрінде құпиясөзсіз сақтаңыз.",
    ),
    "file_broken": (
        "The file cannot be opened. Save it again as XLSX or CSV.",
        "Файл не открывается. Сохраните его ещё раз как XLSX или CSV.",
        "Файл ашылмайды. XLSX не CSV түрінде қайта сақтаңыз.",
    ),
    "file_bomb": (
        "The file unpacks to far more than a sheet needs. Copy the cells into a new file.",
        "Файл распаковывается в слишком большой. Скопируйте ячейки в новый файл.",
        "Файл ашылғанда тым үлкейіп кетеді. Ұяшықтарды жаңа файлға көшіріңіз.",
    ),
    "file_encoding": (
        "The letters cannot be read. Save the file as “CSV UTF-8”.",
        "Буквы не читаются. Сохраните файл как «CSV UTF-8».",
        "Әріптер оқылмайды. Файлды «CSV UTF-8» түрінде сақтаңыз.",
    ),
    "file_empty": (
        "There is no row below the headers. Fill at least one.",
        "Под заголовками нет ни одной строки. Заполните хотя бы одну.",
        "Баған атауларының астында бірде-бір жол жоқ. Кемінде біреуін толтырыңыз.",
    ),
    "file_rows": (
        "{count} rows, at most {limit} are read at once. Split the file.",
        "Строк: {count}, за раз читается до {limit}. Разделите файл.",
        "Жол саны: {count}, бір жолы ең көбі {limit} оқылады. Файлды бөліңіз.",
    ),
    "no_headers": (
        "No known column was found. Take the headers from the empty template: under “Download” on "
        "the page, or by `pushline brief template FILE.xlsx`.",
        "Ни одного знакомого столбца. Возьмите заголовки из пустого шаблона: «Скачать» на "
        "странице или `pushline brief template FILE.xlsx`.",
        "Таныс баған табылмады. Баған атауларын бос үлгіден алыңыз: беттегі «Жүктеп алу» немесе "
        "`pushline brief template FILE.xlsx`.",
    ),
    "missing_columns": (
        "These columns are missing: {names}. Add them, even if empty.",
        "Нет столбцов: {names}. Добавьте их, хотя бы пустыми.",
        "Мына бағандар жоқ: {names}. Бос болса да қосыңыз.",
    ),
    "same_header_twice": (
        "The column “{header}” stands twice. Leave one.",
        "Столбец «{header}» повторяется. Оставьте один.",
        "«{header}» бағаны екі рет тұр. Біреуін қалдырыңыз.",
    ),
    "columns_of_others": (
        "Others fill these columns, so what the file says there was left out: {names}.",
        "Эти столбцы заполняют другие, из файла их не взяли: {names}.",
        "Бұл бағандарды басқалар толтырады, файлдан алынбады: {names}.",
    ),
    "row_of_marketing": (
        "New rows are made by marketing. Ask them for one, and write its ID here.",
        "Новые строки создаёт маркетинг. Попросите строку и укажите здесь её ID.",
        "Жаңа жолдарды маркетинг ашады. Жол ашуды сұрап, оның ID-ін осында жазыңыз.",
    ),
    "unknown_column": (
        "The column “{header}” is not known and was not read. Delete it or correct its header.",
        "Столбец «{header}» неизвестен и не прочитан. Удалите его или исправьте заголовок.",
        "«{header}» бағаны белгісіз, оқылмады. Өшіріңіз немесе атауын түзетіңіз.",
    ),
    "cell_too_long": (
        "The cell has {count} characters, at most {limit} are read. Shorten it.",
        "В ячейке {count} знаков, читается до {limit}. Сократите её.",
        "Ұяшықта {count} таңба бар, {limit} таңбаға дейін оқылады. Қысқартыңыз.",
    ),
    "row_too_wide": (
        "The row has more cells than there are headers: a quote is missing. Correct the line.",
        "В строке больше ячеек, чем заголовков: потеряна кавычка. Исправьте строку.",
        "Жолдағы ұяшықтар баған атауларынан көп: тырнақша түсіп қалған. Жолды түзетіңіз.",
    ),
}
