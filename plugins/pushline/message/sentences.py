"""Every sentence of the message room, in English and Russian; each says the way out."""

SENTENCES: dict[str, tuple[str, str]] = {
    "link_has_space": (
        "The link holds a space or an invisible character. Paste it again without it.",
        "В ссылке пробел или невидимый знак. Вставьте её ещё раз без него.",
    ),
    "link_has_backslash": (
        "The link holds a backslash. Use / instead.",
        "В ссылке обратная косая черта. Замените её на /.",
    ),
    "link_not_parsed": (
        "This is not a link that a phone can open. Write it like {example}.",
        "Это не ссылка, которую откроет телефон. Напишите так: {example}.",
    ),
    "link_scheme": (
        "Links may start with {allowed}; this one starts with “{scheme}:”. Change the start.",
        "Ссылка может начинаться с {allowed}, а эта начинается с «{scheme}:». Замените начало.",
    ),
    "link_userinfo": (
        "The link carries a user name before @. Remove everything between // and @.",
        "В ссылке имя пользователя перед @. Уберите всё между // и @.",
    ),
    "link_host": (
        "“{host}” is not one of our addresses. Use {allowed}, or ask the data team to add it.",
        "«{host}» не из наших адресов. Используйте {allowed} или попросите добавить его.",
    ),
    "link_mixed_scripts": (
        "The address “{host}” mixes letters of different alphabets, as forged links do. "
        "Type it again by hand.",
        "В адресе «{host}» смешаны буквы разных алфавитов, как в поддельных ссылках. "
        "Наберите его заново.",
    ),
    "link_port": (
        "The link names a port ({port}). Remove it.",
        "В ссылке указан порт ({port}). Уберите его.",
    ),
    "link_double_slash": (
        "The path of the link holds //. Leave one slash.",
        "В пути ссылки есть //. Оставьте одну черту.",
    ),
    "link_liquid": (
        "Personal fields do not work in links. Write the address itself.",
        "Личные поля в ссылках не работают. Напишите сам адрес.",
    ),
    "link_utm": (
        "Remove {names} from the link: Pushline adds the UTM parameters itself.",
        "Уберите {names} из ссылки: UTM-параметры Pushline добавит сам.",
    ),
    "image_https": (
        "Phones load pictures over https only. Change the start of the link to https://.",
        "Телефоны загружают картинки только по https. Начните ссылку с https://.",
    ),
    "text_too_long": (
        "The text is longer than {limit} characters with its Liquid. Shorten it.",
        "Текст вместе с Liquid длиннее {limit} знаков. Сократите его.",
    ),
    "text_raw_brace": (
        "A single {{ or }} stands in the text. Write fields as {{{{ name }}}} or remove the brace.",
        "В тексте одиночная скобка {{ или }}. Поля пишутся {{{{ name }}}}; лишнюю скобку уберите.",
    ),
    "text_liquid_syntax": (
        "The Liquid of this text cannot be read: {detail}. Correct it or remove it.",
        "Liquid в этом тексте не читается: {detail}. Исправьте или уберите его.",
    ),
    "text_unknown_filter": (
        "There is no filter “{name}”. Use one of: {known}.",
        "Фильтра «{name}» нет. Можно: {known}.",
    ),
    "text_unknown_field": (
        "There is no field “{name}”. This audience offers: {known}.",
        "Поля «{name}» нет. Эта аудитория даёт: {known}.",
    ),
    "text_no_fields": (
        "There is no field “{name}”: this audience offers none. Write the text without it.",
        "Поля «{name}» нет: эта аудитория не даёт полей. Напишите текст без него.",
    ),
    "text_nullable_field": (
        "{share} have no {name}: add “| default: …”, as in {{{{ {name} | default: 'friend' }}}}.",
        "У {share_ru} нет {name}: добавьте «| default: …», например "
        "{{{{ {name} | default: 'друг' }}}}.",
    ),
    "fit_cut_360": (
        "On narrow Android phones it is cut after “{head}”. Remove about {extra} characters.",
        "На узких Android обрежется после «{head}». Уберите примерно {extra} зн.",
    ),
    "fit_cut_everywhere": (
        "On Android it is cut after “{head}” until opened. Put the offer before that, "
        "or remove about {extra} characters.",
        "На Android обрежется после «{head}», пока не раскроют. Поставьте предложение раньше "
        "или уберите примерно {extra} зн.",
    ),
    "fit_ios_lines": (
        "An iPhone shows {lines} lines and cuts after “{head}”. Remove about {extra} characters.",
        "iPhone покажет {lines} строки и обрежет после «{head}». Уберите примерно {extra} зн.",
    ),
    "fit_too_long": (
        "{count} characters, at most {limit} are allowed. Remove {extra}.",
        "Знаков: {count}, можно до {limit}. Уберите {extra}.",
    ),
}
