### Слова интерфейса. Одна тема за другой, в каждом файле в том же порядке; tests в locale.rs сравнивают ключи.

## Общее

product = Вестник
demonstration = Демонстрация: время идёт быстрее
day-and-month = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
}
day-and-time = { $day }, { $time }
day-year-and-time = { $day } { $year }, { $time }
count-posts = { $n ->
    [one] { $n } публикация
    [few] { $n } публикации
   *[many] { $n } публикаций
}

## Навигация

nav-label = Разделы
nav-skip = К содержанию
nav-today = Сегодня
nav-calendar = Календарь
nav-drafts = Черновики
nav-weeks = Неделя
nav-journal = Журнал
nav-rule = Правило четырёх часов
nav-channels = Площадки
nav-people = Люди
frame-account = Моя учётная запись
frame-organisations = { $n ->
    [one] { $n } организация
    [few] { $n } организации
   *[many] { $n } организаций
}

## Вход

sign-in-title = Вход
sign-in-login = Логин
sign-in-password = Пароль
sign-in-enter = Войти
sign-in-refused = Логин или пароль не подходят.
sign-out = Выйти

## Отказы

failure-title = Не получилось
failure-home = На главную
failure-wait = Подождите { $seconds } с и попробуйте ещё раз.
failure-not-found = Здесь ничего нет
failure-not-found-todo = Возможно, адрес набран с ошибкой, или то, что вы ищете, относится к другой организации.
failure-sign-in-first = Сначала войдите
failure-sign-in-first-todo = После входа вы вернётесь на ту же страницу.
failure-not-allowed = Ваша роль этого не позволяет
failure-not-allowed-todo = Если это ваша работа, попросите администратора добавить роль.
failure-forged = Форма устарела
failure-forged-todo = Вернитесь назад, обновите страницу и отправьте ещё раз. Ничего не изменено.
failure-refused = Так сделать нельзя
failure-refused-todo = Ничего не изменено. Вернитесь назад и поправьте.
failure-conflict = Кто-то изменил это раньше
failure-conflict-todo = Ничего не потеряно. Посмотрите, что изменилось, и повторите.
failure-too-large = Слишком много
failure-too-large-todo = Уменьшите и отправьте ещё раз.
failure-too-many = Слишком много попыток
failure-too-many-todo = Это защита от подбора пароля.
failure-internal = У Вестника не получилось
failure-internal-todo = Ничего не потеряно. Попробуйте ещё раз; если не поможет, позовите администратора: причина записана в журнал программы.

## Сегодня

today-attention = Ждёт вас
today-nothing = Ничего не требует внимания.

## Люди: вход, роли, сеансы, токены

## Черновики и согласование

## Файлы

## Предпросмотр: что не подходит

## Публикация

## Площадки

## Календарь

## Неделя

## Журнал

## Правило четырёх часов

## Программный интерфейс

## Демонстрация
