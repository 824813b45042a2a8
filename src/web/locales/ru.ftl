### Слова интерфейса. Одна тема за другой, в каждом файле в том же порядке; tests в locale.rs сравнивают ключи.

## Общее

product = Вестник
demonstration = Демонстрация: время идёт быстрее
demonstration-short = Демо
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
nav-posts = Публикации
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
failure-back = Вернуться
failure-home = На главную
failure-request = Номер запроса для администратора:
failure-wait = Подождите { $seconds } с и попробуйте ещё раз.
failure-not-found = Здесь ничего нет
failure-not-found-todo = Возможно, адрес набран с ошибкой, или то, что вы ищете, относится к другой организации.
failure-unreadable = В адресе ошибка
failure-unreadable-todo = Что-то в адресной строке написано не так, как ждёт эта страница. Откройте её из меню.
failure-wrong-method = Здесь ничего нет
failure-wrong-method-todo = Этот адрес принимает только формы. Вернитесь на страницу, с которой пришли.
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
failure-too-slow = Не удалось получить форму целиком
failure-too-slow-todo = Связь слишком медленная. Ничего не изменено. Вернитесь назад и отправьте ещё раз.
failure-too-many = Слишком много попыток
failure-too-many-todo = Это защита от подбора пароля.
failure-no-room = На диске сервера нет места
failure-no-room-todo = Ничего не потеряно и ничего не изменено. Позовите администратора: диск с базой полон или неисправен. Потом повторите.
failure-form-unreadable = Форму не удалось прочитать
failure-form-unreadable-todo = Ничего не изменено. Вернитесь назад, обновите страницу и отправьте ещё раз.
failure-bytes = В одной форме может быть не больше { $max }.
failure-internal = У Вестника не получилось
failure-internal-todo = Ничего не потеряно. Попробуйте ещё раз; если не поможет, позовите администратора: причина записана в журнал программы.
refused-nothing-to-cancel = Отменять нечего: всё уже вышло или отменено. То, что вышло, можно снять со всех площадок.
refused-nothing-to-withdraw = Снимать и отменять нечего: на площадках публикации нет, и она больше не выйдет.
refused-post-over = Публикация отменена или снята. Поставьте в очередь новую.
refused-says-this-already = В публикации уже стоит ровно этот текст: менять нечего.
refused-time-has-come = Публикация вышла в MAX или как раз выходит, её время уже не изменить. Очистите поле «Выход в MAX».
refused-not-missing = Публикация на площадке { $channel } не пропала. Заново выпускают только то, что там удалили.
refused-no-address-asked = Адрес на площадке { $channel } сейчас не нужен: его указывают, когда неизвестно, вышла ли публикация, или когда публикуете вы.
refused-not-in-doubt = Что с публикацией на площадке { $channel }, и так известно. «Не вышла» отвечают, только когда исход неизвестен.
refused-other-address = На площадке { $channel } эта публикация стоит по другому адресу: { $url }
refused-not-out = На площадке { $channel } публикации нет: снимать нечего.
refused-unsettled = Обращение к площадке { $channel } ещё не закончено. Повторите через минуту; если на странице «Сегодня» появится вопрос о нём, сначала ответьте на него.
refused-no-try-ahead = На площадке { $channel } публикация не ждёт повторной попытки.
refused-not-on-channel = Эта публикация не идёт на площадку { $channel }.
refused-key-taken = Ключ «{ $key }» уже у публикации с другим содержанием. Возьмите другой или измените ту публикацию.
refused-of-another-post = Публикация { $remote_id } на площадке { $channel } записана за другой. Укажите адрес именно этой.
refused-attempt-settled = Это обращение к площадке уже закончено: чем, сказано на странице публикации.
refused-stands-still = Публикация на площадке { $channel } ждёт другого решения, этим ответом её не продолжить: на странице «Сегодня» и на странице публикации сказано, чего она ждёт.
refused-already-paused = Площадка { $channel } уже остановлена.
refused-not-paused = Площадка { $channel } не остановлена.
refused-channel-elsewhere = Площадка { $channel } — другой организации. Выберите что-то одно: площадку или организацию.
refused-no-organisation = Организации «{ $organisation }» нет в настройках.
refused-which-organisation = Укажите организацию.
refused-other-channels = Правка меняет текст, а площадки остаются прежними. Чтобы выпустить в других местах, отмените публикацию и поставьте новую.
refused-remark-empty = Замечание пустое. Напишите, что поправить.
refused-remark-too-long = Замечание длиннее { $max } знаков. Сократите его.

## Сегодня

today-attention = Ждёт вас
today-others = Ждёт других
today-nothing = Ничего не требует вашего внимания.
today-next = Выйдет дальше
today-no-posts = Ничего не запланировано.
today-write = Написать публикацию
today-not-before = не раньше
today-was-due = должна была выйти
today-to-post = Открыть публикацию
today-to-channels = К площадкам
today-to-drafts = К черновикам
today-to-draft = Открыть черновик
today-to-weeks = К неделе
today-more = { $n ->
    [one] И ещё { $n } вопрос: сначала решите эти.
    [few] И ещё { $n } вопроса: сначала решите эти.
   *[many] И ещё { $n } вопросов: сначала решите эти.
}
today-stands-still = Вестник стоит: служба выпуска не отвечает, запланированное не выходит. Ничего не потеряно, всё выйдет, когда она заработает. Позовите администратора.
today-about-week = Недельная норма
today-about-drafts = Согласование
today-decides-settle = Решает сотрудник пресс-службы или редактор.
today-decides-channels = Решает редактор или администратор.
today-decides-author = Решает автор черновика.
today-seen-channel-refused = Площадка { $channels } не принимает публикации: платформа отказала в доступе. Пока это не решено, на ней ничего не выйдет, и ничего не потеряется.
today-seen-in-doubt = Неизвестно, вышла ли публикация: { $channels } не ответила. Пока это не решено, Вестник ничего туда не отправит.
today-seen-handed = Здесь публикует человек: { $channels }.
today-seen-stopped = Выпуск остановлен, пока человек не решит, как быть: { $channels }.
today-seen-failed = Публикация не вышла: { $channels } не приняла её.
today-seen-late = Публикация опаздывает: { $channels }. Вестник продолжает попытки.
today-seen-outstanding = Правка, снятие или исход отправки не удаются больше часа: { $channels }. Вестник продолжает пробовать.
today-seen-held-ahead = Выдержка считается от ещё не наступившего времени: при выходе в MAX чьи-то часы спешили.
today-seen-retired = Площадки { $channels } больше нет в настройках, и публикация там не выйдет.
today-seen-lost = Публикацию поставили в очередь после того, как была сделана копия базы, из которой Вестник восстановлен. Сам он её больше не выпустит.
today-seen-week = На этой неделе не наберётся нормы ({ $minimum }): { $channels }.
today-seen-returned = Черновик вернулся на доработку.
today-task-approved = Черновик согласован, но в очередь не поставлен.
today-task-returned = Черновик вернулся на доработку: так решил редактор, или тем временем изменилась сама публикация. Откройте его, исправьте и отправьте снова.
today-task-channel-refused = Площадка { $channels } не принимает публикации: платформа отказала в доступе. Верните боту или ключу права, проверьте площадку и продолжите работу. До этого на ней ничего не выйдет, и ничего не потеряется.
today-task-channel-paused = Площадка { $channels } остановлена ({ $by }): { $why }
today-task-in-doubt = Неизвестно, вышла ли публикация: { $channels } не ответила. Посмотрите на площадке и скажите, вышла ли она. До этого Вестник ничего туда не отправит.
today-task-handed = Здесь публикуете вы: { $channels }. Разместите текст на площадке и укажите адрес публикации.
today-task-failed = Публикация не вышла: { $channels } не приняла её. Измените текст, и она снова встанет в очередь, или отмените её.
today-task-failed-here = Вышла не везде: { $channels } не приняла её. Измените текст, и она выйдет там, или отмените оставшееся.
today-task-late = Публикация опаздывает: { $channels }. Вестник продолжает попытки.
today-task-outstanding = Правка, снятие или исход отправки не удаются больше часа: { $channels }. Вестник продолжает пробовать.
today-task-held-ahead = Выдержка считается от ещё не наступившего времени: при выходе в MAX чьи-то часы спешили. Подождите или снимите публикацию и поставьте её заново.
today-task-retired = Площадки { $channels } больше нет в настройках, и публикация там не выйдет. Отмените её или попросите администратора вернуть площадку.
today-task-lost = Публикацию поставили в очередь после того, как была сделана копия базы, из которой Вестник восстановлен. Сам он её больше не выпустит. Поставьте её в очередь заново.
today-task-week = На этой неделе не наберётся нормы ({ $minimum }): { $channels }. Поставьте публикации в очередь до конца воскресенья.
today-task-drafts = { $n ->
    [one] Вашего согласования ждёт { $n } черновик.
    [few] Вашего согласования ждут { $n } черновика.
   *[many] Вашего согласования ждут { $n } черновиков.
}
live-told = Страница обновлена.
live-in-hours = через { $hours } ч { $minutes } мин
live-in-minutes = через { $minutes } мин
live-in-a-moment = меньше чем через минуту
live-left = { $what }: до выхода { $minutes ->
    [one] { $minutes } минута
    [few] { $minutes } минуты
   *[many] { $minutes } минут
}
live-stale = Есть изменения. Обновить страницу

## Люди: вход, роли, сеансы, токены

count-days = { $n ->
    [one] { $n } день
    [few] { $n } дня
   *[many] { $n } дней
}
sign-in-forgotten = Забыли пароль? Администратор даст одноразовую ссылку для нового.

role-officer = Сотрудник пресс-службы
role-officer-for = пишет, ставит в очередь, правит и отменяет публикации
role-editor = Редактор
role-editor-for = всё, что сотрудник, и согласует; приостанавливает площадки
role-auditor = Проверяющий
role-auditor-for = всё видит и выгружает, ничего не меняет
role-administrator = Администратор
role-administrator-for = площадки и люди; сам не публикует

welcome-title = Добро пожаловать
welcome-first = Вы первый. Здесь создаётся администратор всех организаций: он добавляет остальных.
welcome-of = { $name }, придумайте пароль. Ссылка действует один раз.
welcome-enter = Сохранить и войти
welcome-over = Ссылка больше не действует
welcome-over-todo = Её уже использовали, заменили новой или прошёл срок. Попросите у администратора другую.
welcome-to-door = Ко входу

password-current = Нынешний пароль
password-new = Новый пароль
password-again = Новый пароль ещё раз
password-hint = Не короче { $n } знаков, любые буквы и пробелы. Удобно взять четыре не связанных слова.
password-change = Сменить пароль
password-ends-sessions = На других устройствах понадобится войти заново.
password-keep-tokens = Оставить программам их токены
password-keep-tokens-hint = Без отметки все токены будут отозваны: если прежний пароль кто-то узнал, он мог создать и токен.

account-language = Язык
account-save = Сохранить
account-sessions = Где вы вошли
account-where = Браузер
account-some-browser = Неизвестный браузер
account-address = Сетевой адрес
account-began = Вход
account-seen = Последнее действие
account-this = этот
account-end = Завершить
account-end-others = Завершить все остальные
account-back = К учётной записи

tokens-title = Токены для программ
tokens-for = С токеном программа работает от вашего имени, но не может больше, чем вы ей дали. Каждой программе — свой.
tokens-reading = Что программа может
tokens-label = Название
tokens-role = Роль
tokens-organisation = Организация
tokens-all = Все мои
tokens-days = Срок
tokens-until = Действует до
tokens-used = Последний раз
tokens-never = не использован
tokens-new = Новый токен
tokens-make = Создать токен
tokens-revoke = Отозвать
tokens-made = Токен создан
tokens-once = Скопируйте токен сейчас: больше он не будет показан. Кто его знает, тот действует от вашего имени.
tokens-how = Программа передаёт его в заголовке

people-name = Имя
people-name-hint = Так человек будет записан в журнале, например «Петрова Н. С.».
people-login-hint = Для входа: буквы, цифры и знаки . _ - @
people-roles = Роли
people-state = Доступ
people-state-active = Есть
people-state-invited = Ждёт первого входа
people-state-disabled = Закрыт
people-everywhere = Все организации
people-role-everywhere = { $role }, все организации
people-role-there = { $role }, { $organisation }
people-add = Добавить человека
people-add-do = Добавить
people-add-then = Дальше вы получите одноразовую ссылку: по ней человек сам придумает пароль.
people-back = Все люди
people-address = Одноразовая ссылка
people-address-once = Скопируйте ссылку сейчас: больше она не будет показана. Действует один раз и не дольше { $days ->
    [one] { $days } дня
   *[other] { $days } дней
}.
people-address-of = Ссылка для { $login }
people-address-path = Ссылка начинается с адреса, по которому сотрудники открывают vestnik: допишите его спереди. Чтобы он подставлялся сам, укажите в настройках
people-address-hand = Передайте её лично или так, чтобы её не увидели другие: кто откроет первым, тот и выберет пароль.
people-roles-save = Сохранить роли
people-door = Доступ
people-reset = Новый пароль
people-reset-for = Нынешний пароль перестанет действовать, все входы завершатся, токены будут отозваны. Вы получите одноразовую ссылку.
people-end = Завершить все входы
people-end-for = Человек войдёт заново с тем же паролем.
people-disable = Закрыть доступ
people-disable-for = Человек больше не войдёт, его входы и токены прекращаются сразу. Всё сделанное остаётся в журнале.
people-enable = Открыть доступ
people-enable-for = Человек снова сможет войти с прежним паролем. Токены придётся создать заново.
people-tokens-for = С этими токенами программы работают от имени человека.
people-own = Это вы. Пароль, входы и токены:

people-no-login = В логине от 2 до 64 знаков: буквы, цифры и . _ - @
people-no-name = Имя — одна строка до 100 знаков.
people-no-name-mixed = В одном слове имени — и русские, и латинские буквы: они похожи, и человека можно принять за другого. Наберите слово одними буквами.
people-no-taken = Такой логин или такое имя уже есть. Возьмите другие.
people-no-no-role = Нужна хотя бы одна роль. Кто больше не работает, тому закрывают доступ.
people-no-not-for-all = Во всех организациях сразу могут работать только проверяющий и администратор.
people-no-no-organisation = Такой организации нет в настройках.
people-no-not-yours = Вы отвечаете за людей в другой организации.
people-no-own-rights = Свои роли не меняют. Попросите администратора всех организаций.
people-no-own-account = Это ваша собственная учётная запись. Откройте её страницу.
people-no-works-elsewhere = У этого человека есть роли и в других организациях: доступ ему закрывает или меняет администратор всех организаций.
people-no-last-administrator = Других администраторов всех организаций нет. Сначала назначьте второго.
people-no-disabled = Доступ этого человека закрыт. Сначала откройте его.
people-no-overtaken = Кто-то изменил это раньше. Посмотрите, что получилось, и повторите.
people-no-address-over = Ссылка больше не действует. Попросите другую.
people-no-wrong-password = Нынешний пароль не подходит.
people-no-passwords-differ = Пароли не совпадают. Наберите ещё раз.
people-no-password-short = Пароль короче 12 знаков. Четыре не связанных слова легко запомнить.
people-no-password-long = Пароль длиннее 128 знаков.
people-no-password-common = Такой пароль подбирают первым. Придумайте другой.
people-no-password-plain = В пароле повторяются одни и те же знаки. Придумайте другой.
people-no-password-personal = В пароле не должно быть вашего логина, имени или названия организации.
people-no-token-label = Назовите токен: одна строка до 100 знаков.
people-no-token-taken = Токен с таким названием у вас уже есть. Возьмите другое или отзовите прежний.
people-no-token-role = Токен не может больше, чем вы сами. Выберите свою роль и организацию.
people-no-token-days = Срок токена — от 1 до 366 дней.
people-no-busy = Сейчас входит слишком много людей. Повторите через несколько секунд.

## Черновики и согласование

draft-one = Черновик
draft-new = Новая публикация
draft-new-for = Для другой организации: { $organisation }
draft-edit-post = Правка публикации
draft-untitled = Без заголовка
draft-none = Черновиков нет.
draft-more = Дальше
draft-organisation = Организация
draft-show = Показать
draft-which = Какие черновики показать
draft-which-all = Все
draft-which-mine = Мои
draft-which-submitted = Ждут согласования
draft-which-approved = Согласованы
draft-state = Состояние
draft-state-draft = Пишется
draft-state-submitted = На согласовании
draft-state-approved = Согласован
draft-state-queued = В очереди
draft-state-discarded = Убран
draft-is-edit = правка публикации
draft-to-post = К публикации
draft-edits-post = Публикация, которую он правит
draft-title = Заголовок
draft-body = Текст
draft-body-how = Разметка Markdown: **жирный**, *курсив*, [ссылка](https://…), > цитата, - список. Абзацы разделяет пустая строка.
draft-marks = Разметка
draft-mark-bold = Жирный
draft-mark-bold-letter = Ж
draft-mark-italic = Курсив
draft-mark-italic-letter = К
draft-mark-link = Ссылка
draft-mark-list = Список
draft-mark-quote = Цитата
draft-link = Ссылка
draft-tags = Теги
draft-tags-how = Через запятую, без решётки.
draft-media = Картинки и документы
draft-media-alt = что на картинке
draft-when = Когда
zone-moscow = МСК
draft-zone = Время — местное ({ $zone }).
draft-at = Выход в MAX
draft-at-how = Пусто — сразу после постановки в очередь.
draft-at-edit-how = Пусто — время остаётся прежним.
draft-at-now = сразу
draft-at-edit-now = как запланировано
draft-expires = Не выпускать позже
draft-expires-how = Что не вышло к этому времени, уже не выйдет. Пусто — без срока.
draft-plan = План выхода
draft-channels = Площадки
draft-channels-how = { $primary } выходит всегда и первым. Остальные — после выдержки, не раньше чем через четыре часа.
draft-channels-edit = Правка меняет текст; площадки остаются прежними.
draft-not-before-of = { $channel }: не раньше
draft-overrides = Свой текст для площадки
draft-overrides-how = Пусто — общий текст.
draft-override-of = Текст для { $channel }
draft-preview = Как это будет выглядеть
draft-preview-show = Показать предпросмотр
draft-keep = Сохранить
draft-queue = Поставить в очередь
draft-queue-edit = Применить правку
draft-submit = Отправить на согласование
draft-compare = Сравнить тексты
draft-keeping = Сохраняется…
draft-kept-at = Сохранено в { $time }
draft-kept-by = Сохранено: { $by }, { $at }
draft-offline = Нет связи. Набранное хранится на этом компьютере и сохранится, когда связь вернётся.
draft-failed = Вестник сейчас не может сохранить текст. Набранное хранится на этом компьютере, попытка повторится сама. Если это не проходит, позовите администратора.
draft-expired = Сеанс закончился. Набранное хранится на этом компьютере и вернётся после входа.
draft-too-much = Не сохранено: текст слишком большой. { $why } Набранное осталось на этом компьютере и сохранится, когда вы его сократите.
draft-not-kept = Не сохранено. Набранное осталось на этом компьютере; обновите страницу.
draft-restored = Возвращено набранное, которое не успело сохраниться.
draft-other-copy = На этом компьютере есть текст, который не успел сохраниться, а черновик с тех пор изменился.
draft-newer = { $by } сохраняет другой текст этого черновика. Ваш текст не потерян: сравните оба.
draft-problems = Пока нельзя. Что поправить:
draft-problems-mended = Замечания учтены. Попробуйте ещё раз.
draft-conflict = Черновик изменили двое
draft-conflict-how = Пока вы писали, { $by } сохраняет свой текст ({ $at }). Ничего не потеряно: вот оба. Выберите, какой оставить.
draft-conflict-same = Тексты совпадают.
draft-field = Поле
draft-mine = Ваш текст
draft-theirs = Сохранённый текст ({ $by })
draft-take-mine = Оставить мой
draft-take-theirs = Оставить сохранённый
draft-take-both = Свести вручную
draft-merge = Сведение двух текстов
draft-merge-how = В форме — ваш текст. Ниже отмечено, чем он отличается от сохранённого ({ $by }, { $at }): зачёркнутого у вас нет, подчёркнутое есть только у вас. Перенесите нужное и сохраните.
draft-outrun = Публикация изменилась
draft-outrun-how = После начала этой правки у публикации появилась новая редакция. Ниже — чем ваш текст отличается от неё. Перенесите нужное, затем продолжайте.
draft-outrun-moved-how = После начала этой правки публикацию перенесли на другое время. Ниже — чем ваша правка отличается от публикации, как она стоит сейчас. Выберите время, затем продолжайте.
draft-outrun-go-on = Учтено, продолжить
draft-text = Текст
draft-begun = Начат
draft-changed = Изменён
draft-submitted = На согласование
draft-approved = Согласована версия { $n }
draft-since-approved = Что изменилось после согласования
draft-since-published = Чем отличается от опубликованного
draft-since-nothing = Ничем.
draft-version = версия { $n }
draft-decide = Решение
draft-waits = Черновик ждёт редактора.
draft-approve = Согласовать
draft-return-open = Вернуть на доработку…
draft-return-how = Черновик вернётся в работу, и автор увидит, что исправить.
draft-return = Вернуть автору
draft-return-reason = Что исправить
draft-change = Править
draft-change-how = После правки черновик нужно согласовать заново. Новое время выхода согласования не отменяет.
draft-comments = Замечания
draft-last-comment = Последнее замечание
draft-all-comments = Все замечания
draft-comments-none = Замечаний нет.
draft-comment-how = Замечание увидят все, кто открывает черновик. Решения оно не меняет.
draft-comment = Замечание
draft-comment-send = Добавить замечание
draft-discard = Убрать черновик
draft-discard-how = Убранный черновик не выйдет и не вернётся. В журнале останется запись.
draft-discard-yes = Убрать
draft-time = Время выхода прошло
draft-time-how = «{ $title }» согласован на { $at }, это время прошло. Назначьте новое: текст согласовывать заново не нужно.
draft-time-how-approve = «{ $title }» просят выпустить { $at }, это время прошло. Назначьте новое: с ним черновик и будет согласован.
draft-back = Вернуться к черновику
draft-told-submitted = Отправлено на согласование. Редактор увидит черновик у себя на странице «{ nav-today }».
draft-told-approved = Согласовано. В очереди публикации ещё нет: осталось нажать «{ draft-queue }».
draft-told-approved-edit = Согласовано. Публикация ещё прежняя: осталось нажать «{ draft-queue-edit }».
draft-told-returned = Черновик возвращён в работу. Что исправить, автор прочтёт в замечаниях.
draft-told-remarked = Замечание добавлено.
draft-told-discarded = Черновик убран.
draft-refused-closed = Черновик уже в очереди или убран.
draft-refused-changed = Черновик за это время изменился. Посмотрите, что в нём теперь, и решите ещё раз.
draft-refused-own-text = Автор не согласует свой текст. Попросите другого редактора.
draft-refused-not-submitted = Черновик не на согласовании: его не отправляли или вернули в работу.
draft-refused-not-approved = Сначала черновик должен согласовать редактор.
draft-refused-time-passed = Время выхода прошло: назначьте новое.
draft-refused-post-changed = Публикация за это время изменилась: откройте черновик и сверьте тексты.
draft-refused-post-moved = Публикацию за это время перенесли: откройте черновик и сверьте время.
plan-primary = { $channel } { $at }
plan-primary-now = { $channel } сразу
plan-followers = { $channels } не раньше { $at }
plan-passed = время выхода прошло: { $at }. Назначьте новое.
plan-primary-alone = { $primary }, больше никуда
plan-whole = { $primary } → { $followers }

## Файлы

file-size-and-kind = { $kind }, { $size }
size-kilobytes = { $n } КБ
size-megabytes = { $n } МБ
files-legend = Картинки и документы
files-add = Добавить файлы
files-hint = Картинки JPEG, PNG, GIF, WebP и документы PDF, DOCX, XLSX, ODT, RTF, TXT. Сведения о месте съёмки из картинок удаляются.
files-drop = Можно перетащить файлы прямо сюда.
files-send = Загрузить
files-list = Файлы публикации по порядку
files-none = Файлов пока нет.
files-alt = Описание для тех, кто не видит картинку
files-alt-hint = Без описания картинку опубликовать нельзя: одно предложение о том, что на ней.
files-up = Выше
files-down = Ниже
files-remove = Убрать
files-up-named = Выше: { $name }
files-down-named = Ниже: { $name }
files-remove-named = Убрать: { $name }
files-picture = картинка
files-document = документ
files-video = видео
files-pixels = { $width } × { $height }
files-loading = Загружается: { $name }
files-taken = Файл добавлен: { $name }
files-removed = Файл убран: { $name }
files-moved = Место в списке: { $place }
files-cut = Загрузка прервалась, от файла ничего не осталось. Проверьте связь и добавьте его ещё раз.
files-cancel = Отменить
files-signed-out = Сеанс закончился. Войдите в другой вкладке и добавьте файл ещё раз: написанное сохранено.
files-too-many = За один раз можно добавить не больше { $max } файлов.
files-no-organisation = Не указано, для какой организации файл. Обновите страницу и добавьте его ещё раз.
files-back = Вернуться к черновику
files-no-file = Вы не выбрали файл. Выберите его и отправьте ещё раз.
problem-file-unreadable = Файл «{ $name }» не читается.
problem-file-unreadable-todo = Добавьте его ещё раз.
problem-file-none = «{ $name }» — не файл.
problem-file-none-todo = Выберите саму картинку или сам документ.
problem-file-no-alt = У картинки «{ $name }» нет описания.
problem-file-no-alt-todo = Напишите одним предложением, что на ней: для тех, кто её не видит.
problem-file-gone = Файла «{ $name }» больше нет на сервере.
problem-file-gone-todo = Добавьте его ещё раз.
problem-file-too-large = Файл «{ $name }» слишком большой: { $bytes }, а можно до { $max }.
problem-file-too-large-todo = Сохраните его поменьше.
problem-file-not-kept = На сервере не удалось сохранить файл: возможно, кончилось место. Ничего не испорчено.
problem-file-not-kept-todo = Позовите администратора: причина записана в журнал программы.
problem-file-empty = Файл «{ $name }» пустой.
problem-file-empty-todo = Проверьте его и добавьте ещё раз.
problem-file-broken = Картинка «{ $name }» повреждена или обрывается.
problem-file-broken-todo = Откройте её на своём компьютере и сохраните заново.
problem-file-too-many-pixels = Картинка «{ $name }» слишком велика: { $width } × { $height } точек, а всего можно { $max } миллионов.
problem-file-too-many-pixels-todo = Уменьшите её и добавьте ещё раз.
problem-file-too-many-frames = В анимации «{ $name }» слишком много кадров: { $frames }.
problem-file-too-many-frames-todo = Укоротите её или возьмите неподвижную картинку.
problem-file-telling = Из картинки «{ $name }» ({ $mime }) нельзя удалить сведения о месте съёмки.
problem-file-telling-todo = Сохраните её как JPEG или PNG.
problem-file-named-like-picture = «{ $name }» называется картинкой, но внутри не картинка.
problem-file-named-like-picture-todo = Сохраните её заново как JPEG или PNG.
problem-file-old-office = «{ $name }» — документ старого формата.
problem-file-old-office-todo = Сохраните его как DOCX, XLSX или PDF.
problem-file-macros = В документе «{ $name }» есть макросы.
problem-file-macros-todo = Сохраните его без макросов или как PDF.
problem-file-markup = Внутри «{ $name }» — HTML, SVG или XML, такие файлы не принимаются.
problem-file-markup-todo = Возьмите картинку (JPEG, PNG, GIF, WebP) или документ (PDF, DOCX, XLSX, ODT, RTF, TXT).
problem-file-other = Файлы такого вида ({ $mime }) не принимаются: «{ $name }».
problem-file-other-todo = Возьмите картинку (JPEG, PNG, GIF, WebP) или документ (PDF, DOCX, XLSX, ODT, RTF, TXT).
problem-file-unknown = Не удалось понять, что за файл «{ $name }».
problem-file-unknown-todo = Возьмите картинку (JPEG, PNG, GIF, WebP) или документ (PDF, DOCX, XLSX, ODT, RTF, TXT).

## Предпросмотр: что не подходит

preview-now = Сразу, как поставите в очередь
preview-now-edit = Сразу, как примените правку
preview-at = { $at }
preview-not-before = Не раньше: { $at }
preview-title = Как это будет выглядеть
preview-channels = По площадкам
preview-fits = Подходит
preview-not-yet = Пока нельзя
preview-nothing = Начните писать: здесь появится, как публикация будет выглядеть на каждой площадке.
preview-misfits = { $n ->
    [one] { $n } замечание
    [few] { $n } замечания
   *[many] { $n } замечаний
}
preview-mend = Что поправить
preview-length = { $length } из { $max } знаков
preview-length-free = { $length } { $length ->
    [one] знак
    [few] знака
   *[many] знаков
}, предела нет
preview-over = превышение на { $over }
preview-emoji = Смайлики считаются за два знака.
preview-meter = Длина текста: { $channel }
preview-link = Ссылка под записью
preview-tags = Теги
preview-document = Документ
preview-text = Текст: { $channel }
misfit-text-too-long = Текст не помещается: { $length } знаков вместе с заголовком, тегами и подписью, а площадка берёт { $max }.
misfit-text-too-long-todo = Сократите на { $over } или напишите для этой площадки свой текст.
misfit-title-missing = Нет заголовка.
misfit-title-missing-todo = Напишите его: на сайте у новости есть заголовок.
misfit-title-too-long = Заголовок длинный: { $length } знаков, а площадка берёт { $max }.
misfit-title-too-long-todo = Сократите его на { $over }.
misfit-link-not-web = «{ $link }» — не адрес страницы.
misfit-link-not-web-todo = Нужен адрес, который начинается с https://.
misfit-link-too-long = Ссылка длинная: { $length } знаков, а площадка берёт { $max }.
misfit-link-too-long-todo = Возьмите короткий адрес той же страницы.
misfit-second-link = Кроме ссылки { $link } в тексте есть ещё одна, { $other }, а площадка берёт одну.
misfit-second-link-todo = Оставьте одну или напишите для этой площадки текст без второй.
misfit-too-many-pictures = Картинок { $count }, а площадка берёт { $max }.
misfit-too-many-pictures-todo = Уберите { $over } или разделите публикацию на две.
misfit-too-many-documents = Документов { $count }, а площадка берёт { $max }.
misfit-too-many-documents-todo = Уберите { $over } и дайте на них ссылки.
misfit-no-documents = Площадка не берёт документы.
misfit-no-documents-todo = Положите документ на официальный сайт и дайте его адрес в поле «Ссылка».
misfit-pictures-need-token = На этой площадке Вестнику пока нельзя загружать картинки.
misfit-pictures-need-token-todo = Попросите администратора добавить user_token или не публикуйте здесь.
misfit-documents-need-token = На этой площадке Вестнику пока нельзя загружать документы.
misfit-documents-need-token-todo = Попросите администратора добавить community_token или дайте ссылку на документ.
misfit-document-beside-pictures = Вместе с картинками площадка не берёт документ.
misfit-document-beside-pictures-todo = Отправьте документ отдельной публикацией или дайте на него ссылку.
misfit-film = «{ $name }» — видео, его Вестник сюда пока не отправляет.
misfit-film-todo = Положите видео туда, где его можно смотреть, и дайте ссылку.
misfit-picture-type = Картинку «{ $name }» ({ $mime }) площадка не возьмёт. Берёт: { $types }.
misfit-picture-type-todo = Сохраните её как JPEG или PNG.
misfit-file-too-large = Файл «{ $name }» слишком большой: { $bytes }, а площадка берёт до { $max }.
misfit-file-too-large-todo = Сохраните его поменьше или дайте на него ссылку.
misfit-picture-side = Картинка «{ $name }» слишком велика: { $width } × { $height } точек, а сторона может быть до { $max }.
misfit-picture-side-todo = Уменьшите её.
misfit-picture-sides = Картинка «{ $name }» слишком велика: { $width } × { $height } точек, а ширина и высота вместе могут быть до { $max }.
misfit-picture-sides-todo = Уменьшите её.
misfit-picture-ratio = Картинка «{ $name }» слишком вытянута: { $width } × { $height } точек, а одна сторона может быть больше другой до { $max } раз.
misfit-picture-ratio-todo = Обрежьте её.
misfit-no-alt = У картинки «{ $name }» нет описания.
misfit-no-alt-todo = Напишите одним предложением, что на ней: для тех, кто её не видит.
misfit-document-type = Документ «{ $name }» площадка не возьмёт из-за его вида (.{ $ending }).
misfit-document-type-todo = Сохраните его как PDF.
misfit-too-many-parts = Текст, картинки и ссылка — это { $count } части, а площадка берёт { $max }.
misfit-too-many-parts-todo = Перенесите ссылку в текст или уберите картинки.
misfit-request-too-large = Текст и файлы вместе слишком велики: { $bytes }, а сайт берёт до { $max } (в пути файлы вырастают на треть).
misfit-request-too-large-todo = Уберите часть файлов или уменьшите их.
problem-title-empty = Нет заголовка.
problem-title-empty-todo = Напишите его.
problem-title-lines = В заголовке больше одной строки.
problem-title-lines-todo = Оставьте одну, остальное перенесите в текст.
problem-text-empty = Публикация пустая.
problem-text-empty-todo = Напишите текст или добавьте файл либо ссылку.
problem-control-character = Есть невидимый знак { $character }.
problem-control-character-todo = Сотрите его: скорее всего, он попал сюда при вставке из другой программы.
problem-channel-unknown = У организации нет площадки «{ $channel }».
problem-channel-unknown-todo = Её площадки: { $channels }.
problem-channel-ambiguous = На «{ $channel }» у организации несколько площадок.
problem-channel-ambiguous-todo = Назовите одну из них.
problem-channel-primary = MAX выходит первым.
problem-channel-primary-todo = Его время — в поле «{ draft-at }».
problem-channel-not-chosen = На { $channel } эта публикация не выходит.
problem-channel-not-chosen-todo = Отметьте площадку или очистите поле.
problem-time-for-two = Для { $channel } указано два времени.
problem-time-for-two-todo = Оставьте одно.
problem-text-for-two = Для { $channel } написано два текста.
problem-text-for-two-todo = Оставьте один.
problem-override-empty = Свой текст для площадки пуст.
problem-override-empty-todo = Напишите его или уберите.
problem-expires-too-early = Срок «{ draft-expires }» наступит раньше, чем публикация выйдет.
problem-expires-too-early-todo = Возьмите более позднее время.
problem-expires-before-followers = Срок «{ draft-expires }» наступит раньше, чем публикация сможет выйти где-либо кроме MAX: это не раньше { $earliest }.
problem-expires-before-followers-todo = Возьмите более позднее время или оставьте один MAX.
problem-expires-before-not-before = Срок «{ draft-expires }» наступит раньше времени, назначенного для { $channel }.
problem-expires-before-not-before-todo = Возьмите более позднее время.
problem-link-not-web = «{ $link }» — не адрес страницы.
problem-link-not-web-todo = Напишите его так: https://gorod.ru/page.
problem-tag-not-one = «{ $tag }» — не тег.
problem-tag-not-one-todo = Пишите теги словами, через запятую, без решёток.
problem-text-too-long = Слишком длинно: { $length } знаков, а в публикации можно до { $max }.
problem-text-too-long-todo = Сократите на { $over }: ни одна площадка столько не берёт.
problem-too-many-tags = Слишком много тегов: { $length }, а можно до { $max }.
problem-too-many-tags-todo = Оставьте главные.
problem-too-many-files = Слишком много файлов: { $length }, а можно до { $max }.
problem-too-many-files-todo = Уберите лишние.
problem-too-many-channels = Названо слишком много площадок: { $length }, а можно до { $max }.
problem-too-many-channels-todo = Оставьте те, на которых выходит публикация.
problem-time-unreadable = «{ $text }» — не время.
problem-time-unreadable-todo = Напишите его так: 2026-11-23 10:00.
problem-time-skipped = Времени «{ $text }» не бывает: часы в этот день переводят с { $from } на { $to }.
problem-time-skipped-todo = Возьмите другое.
problem-time-twice = Время «{ $text }» в этот день бывает дважды: часы переводят назад.
problem-time-twice-todo = Возьмите другое или допишите смещение: { $earlier } или { $later }.
problem-time-past = Время «{ $text }» прошло: сейчас { $now }.
problem-time-past-todo = Выберите более позднее.

## Публикация

state-waiting = ждёт MAX
state-held = выдержка
state-queued = в очереди
state-releasing = отправляется
state-in_doubt = требует сверки
state-handed = публикуете вы
state-published = вышла
state-failed = не вышла
state-stopped = остановлена
state-cancelled = отменена
state-withdrawn = снята
state-gone = удалена на площадке
state-paused = площадка остановлена
post-organisation = Организация
post-queued = Поставлена в очередь
post-revision = Редакция
post-revision-n = Редакция { $n }
post-expires = Не выпускать позже
post-was-cancelled = Отменена { $at } ({ $by }).
post-was-withdrawn = Снята { $at } ({ $by }).
post-channels = Площадки
post-nth = ({ $n }-й выпуск)
post-our-time = Вышла (по нашим часам)
post-platform-time = Время площадки
post-distance = После MAX
post-no-primary = нет публикации в MAX
post-unknown-distance = неизвестно
post-planned = Запланирована
post-url = Адрес
post-url-was = Была по адресу
post-shown = Там стоит редакция
post-raw = Технические подробности
post-last-postponed = Выпуск отложен: Вестник ждёт и попробует сам.
post-last-open = Обращение к площадке идёт.
post-last-in-doubt = Неизвестно, чем кончилось обращение: Вестник спросит площадку, прежде чем отправлять снова.
post-last-retry = Площадка пока не приняла публикацию. Вестник повторит сам.
post-last-rejected = Площадка отказалась принять публикацию. Измените текст или файлы.
post-last-unauthorised = Площадка отказала в доступе. Верните Вестнику права и продолжите её работу.
post-last-handed = Публикация передана вам: разместите её и укажите адрес.
post-last-abandoned = Попытка не принята и закрыта.
post-last-published = Публикация вышла.
post-last-edited = Изменение показано на площадке.
post-last-retracted = Публикация снята.
reason-no-connection = Не удалось соединиться с площадкой { $channel }: ничего не отправлено.
reason-certificate = Сертификат площадки { $channel } не вызывает доверия: ничего не отправлено.
reason-no-answer = Площадка { $channel } не ответила.
reason-answer-cut = Ответ площадки { $channel } оборвался.
reason-not-understood = Площадка { $channel } ответила так, что Вестник не понял ответа.
reason-platform-failing = На площадке { $channel } сбой.
reason-unavailable = Площадка { $channel } временно не работает.
reason-in-progress = Площадка { $channel } ещё обрабатывает это обращение.
reason-rate-limited = Площадка { $channel } просит подождать: обращений слишком много.
reason-daily-limit = Площадка { $channel } отвечает, что публикаций за сутки слишком много.
reason-spam-suspected = Площадка { $channel } приняла публикации за рассылку и на время закрыла доступ.
reason-captcha = Площадка { $channel } просит ввести капчу.
reason-confirmation-asked = Площадка { $channel } просит владельца учётной записи подтвердить вход.
reason-no-credential = Вестник не смог прочитать ключ доступа к площадке { $channel }.
reason-token-ended = Срок ключа доступа к площадке { $channel } истёк.
reason-token-renewed = Срок ключа доступа к площадке { $channel } истёк, и Вестник его обновил.
reason-token-refused = Площадка { $channel } не принимает ключ доступа.
reason-clocks-differ = Часы площадки { $channel } и Вестника расходятся, поэтому подпись не принята.
reason-no-rights = На площадке { $channel } Вестнику не хватает прав.
reason-account-blocked = Учётная запись на площадке { $channel } заблокирована или ограничена.
reason-server-refused = Площадка { $channel } не принимает обращений с нашего сервера.
reason-not-set-up = Площадка { $channel } или её настройки не готовы к публикации программой.
reason-channel-unseen = Площадка { $channel } не показывает Вестнику этот канал или сообщество.
reason-refused = Площадка { $channel } отказала.
reason-content-refused = Площадка { $channel } не принимает эту публикацию.
reason-too-long = Публикация слишком велика для площадки { $channel }.
reason-link-refused = Площадка { $channel } не принимает ссылку из публикации.
reason-file-refused = Площадка { $channel } не принимает картинку или документ из публикации.
reason-file-unreadable = Вестник не смог прочитать файл публикации.
reason-file-not-ready = Файлы публикации на площадке { $channel } ещё не готовы.
reason-upload-failed = Файл не удалось загрузить на площадку { $channel }.
reason-not-prepared = Подготовка публикации устарела: Вестник подготовит её заново.
reason-duplicate = На площадке { $channel } такая публикация уже есть или её адрес занят.
reason-time-taken = На площадке { $channel } на это время уже стоит другая публикация.
reason-not-public = Площадка { $channel } взяла публикацию, но читателям её не показывает.
reason-post-gone = Этой публикации на площадке { $channel } больше нет.
reason-post-unseen = Не видно, стоит ли публикация на площадке { $channel }.
reason-elsewhere = Публикация стоит не там, где её ждали: посмотрите на площадке { $channel }.
reason-still-shown = Площадка { $channel } всё ещё показывает снятую публикацию.
reason-edit-too-late = Площадка { $channel } больше не даёт изменить эту публикацию.
reason-wrong-address = Это не адрес публикации на площадке { $channel }.
reason-unsupported = Площадка { $channel } на такой вопрос не отвечает.
reason-by-hand = На площадке { $channel } публикуете вы сами.
reason-answer-not-written = Вестник остановился раньше, чем записал ответ площадки { $channel }.
reason-expired = Время, до которого публикация могла выйти, прошло.
reason-primary-failed = Публикация не вышла в MAX, поэтому не выйдет и здесь.
reason-does-not-fit = Публикация не подходит площадке { $channel }: проверьте длину и файлы.
reason-daily-ceiling = На площадке { $channel } за сутки вышло столько публикаций, сколько она принимает.
reason-primary-missing = Публикация не стоит в MAX.
reason-primary-unasked = MAX не сказал, стоит ли там публикация.
reason-primary-not-composed = Текст для MAX больше не собирается по правилам площадки: сравнить его с вышедшим нельзя. Исправьте публикацию.
reason-primary-unseen = Не видно, стоит ли публикация в MAX.
reason-primary-too-young = По часам MAX выдержка ещё не прошла.
reason-primary-not-configured = Площадки MAX больше нет в настройках Вестника.
reason-channel-not-configured = Площадки { $channel } больше нет в настройках Вестника.
reason-time-unasked = Площадка { $channel } не сказала, который час.
reason-hold-not-passed = Выдержка прошла ещё не по всем часам.
reason-no-witness = Сверить часы не с кем: ни одна площадка не говорит, который час.
reason-not-looked-for = Площадка { $channel } не сказала, не вышла ли публикация раньше.
reason-look-ahead = Вестник спросит площадку { $channel }, когда обращение до неё точно дойдёт.
reason-nothing-found = На площадке { $channel } этой публикации не нашлось.
reason-person-found-nothing = Сотрудник посмотрел на площадке { $channel }: публикации там нет.
reason-decided-anew = Сотрудник решил иначе, и прежнее обращение закрыто.
reason-asked-again = Сотрудник попросил попробовать ещё раз сразу.
reason-edited = Публикацию исправили: новая редакция сначала выйдет в MAX.
reason-primary-anew = Публикация выходит в MAX заново.
reason-primary-taken-down = Публикацию в MAX сняли.
reason-later-text-lost = База восстановлена из копии, и последней редакции этой публикации в ней нет.
reason-primary-confirmed = Сотрудник подтвердил, что публикация стоит в MAX.
reason-repeated = Вестник повторяет обращение: двойника от этого не будет.
reason-edit-unseen = Площадка { $channel } приняла правку, но её там пока не видно.
reason-receipt-refused = Подтверждение площадки { $channel } не сходится с тем, что знает Вестник.
reason-not-settled = Вестник не смог записать или прочитать, чем кончилось обращение.
reason-history-tells = База восстановлена из копии: чем кончилось обращение, рассказали записи рядом с ней.
reason-remark = Принято площадкой { $channel }, но есть замечание.
post-answer = Ответ площадки
post-text-there = Текст для этой площадки
by-hand-title = Заголовок
by-hand-text = Текст для площадки { $channel }
by-hand-files = Файлы: сохраните и приложите к публикации
by-hand-copy-title = Скопировать заголовок
by-hand-copy-text = Скопировать текст
by-hand-title-copied = Заголовок скопирован.
by-hand-text-copied = Текст скопирован.
by-hand-not-copied = Браузер не дал скопировать. Выделите и скопируйте вручную.
secret-copy = Скопировать
secret-copied = Скопировано.
post-action-publish = Публикация
post-action-edit = Изменение
post-action-retract = Снятие
post-do = Что можно сделать
post-edit = Изменить
post-move = Перенести
post-reason = Причина (останется в журнале)
post-reason-missing = Укажите причину одной строкой, не длиннее 500 знаков: она останется в журнале.
post-cancel = Отменить…
post-cancel-hint = Что ещё не вышло, не выйдет. Что уже вышло, останется.
post-cancel-do = Отменить выпуск
post-withdraw = Снять со всех площадок…
post-withdraw-hint = Что вышло, будет снято. Что не вышло, не выйдет.
post-withdraw-do = Снять публикацию
post-republish = Опубликовать в MAX заново
post-republish-hint = Выдержка начнётся снова.
post-again = Повторить сейчас
post-again-hint = Прошлая попытка точно не принята: двойника не будет.
post-look = Посмотреть, что стоит на площадке { $channel }
post-look-title = Что стоит на площадке { $channel }
post-look-found = Площадка нашла нашу публикацию.
post-look-nothing = Нашей публикации площадка не нашла.
post-look-cannot-tell = Площадка не может сказать, есть ли там наша публикация. Сравните сами.
post-look-no-answer = Площадка сейчас не отвечает. Попробуйте позже или посмотрите на ней сами.
post-look-empty = С { $since } других публикаций не видно.
post-look-since = Публикации с { $since }:
post-look-ours = похоже, это она
post-look-this-one = Это она
post-look-otherwise = Или скажите сами
post-address = Адрес публикации на площадке { $channel }
post-address-do = Вышла по этому адресу
post-address-unreadable = Это не адрес. Скопируйте его из строки браузера: он начинается с https://
post-stands-do = Подтвердить: публикация стоит
post-not-published-do = Не вышла
post-not-published-hint = Вестник ещё раз спросит { $channel } и, если её там нет, отправит снова.
post-taken-down-do = Снята с площадки вручную
post-word-reads-differently = По этому адресу стоит другой текст: { $place }. Укажите адрес именно этой публикации. Если это она и есть, поправьте её текст на площадке вручную или снимите её там и ответьте ещё раз.
post-word-primary-reads-differently = По этому адресу стоит другой текст: { $place }. Укажите адрес именно этой публикации. Если это она и есть, исправьте пост здесь так, чтобы он говорил то, что стоит там, или снимите его там и ответьте ещё раз.
post-word-nothing-there = По этому адресу ничего нет: { $place }. Скопируйте адрес самой публикации.
post-word-not-of-the-channel = Этот адрес не с этой площадки, или публикации на ней нет.
post-word-stands-after-all = Публикация стоит на площадке: { $place }. Записано, что она вышла.
post-word-several-may-be = На площадке есть публикации, которые могут быть этой. Укажите адрес нужной или сначала снимите лишние.
post-word-on-its-way = Отправленное только что ещё может появиться на площадке. Посмотрите на неё ещё раз через минуту и тогда ответьте.
post-word-still-stands = Публикация ещё стоит на площадке: { $place }. Сначала снимите её там.
post-word-over = Публикация отменена или снята. Поставьте в очередь новую.
post-word-not-out = Публикации нет в MAX, поэтому заново её не выпустить.
post-no-answer = Площадка сейчас не отвечает или не принимает наш ключ, поэтому ничего не изменено. Проверьте её в разделе «Площадки» или попробуйте позже.
post-holds = Выдержка
post-hold-from = Считается с
post-hold-until = До
post-hold-state = Состояние
post-hold-running = идёт
post-hold-passed = прошла
post-hold-suspended = приостановлена изменением
post-hold-ended = заменена
post-revisions = Редакции
post-link = Ссылка
post-tags = Теги
post-file = Файл
post-own-text = Свой текст
post-history = Кто что сделал
post-history-program = { $n ->
    [one] Что делал Вестник: { $n } запись
    [few] Что делал Вестник: { $n } записи
   *[many] Что делал Вестник: { $n } записей
}
post-was-moved = Перенесено: { $where }
post-moved-from-to = { $channels }: { $from } → { $to }
post-moved-to = { $channels }: на { $to }
post-when = Когда
post-who = Кто
post-what = Что
post-where = Где
post-why = Причина
post-told-cancelled = Отменено: что не вышло, не выйдет.
post-told-queued = Поставлена в очередь: { $plan }.
post-told-edited = Правка применена. План выхода: { $plan }.
post-told-edited-out = Правка применена. В MAX Вестник исправит публикацию сейчас, на остальных площадках — после новой выдержки.
post-told-withdrawn = Публикация снимается со всех площадок.
post-told-republished = Публикация выйдет в MAX заново, остальные ждут новой выдержки.
post-told-settled = Записано. Вестник продолжает.
post-told-found = Вестник ещё раз спросил площадку и нашёл публикацию: она вышла.
post-told-again = Вестник повторит попытку сейчас.
post-told-moved = Перенесено: { $where }.
post-told-already = Это уже сделано.
post-told-stale = Страница устарела: пока она была открыта, публикация изменилась. Ничего не сделано; вот как она стоит сейчас.
post-told-paused = Площадка остановлена. Выдержка идёт.
post-told-resumed = Площадка снова работает.
posts-all = Все
posts-standing = Состояние
posts-standing-open = ещё не вышли
posts-standing-out = вышли
posts-standing-failed = где-то не вышли
posts-standing-cancelled = отменены
posts-standing-withdrawn = сняты
posts-words = Слова в заголовке
posts-find = Найти
posts-title = Заголовок
posts-none = Ничего не найдено.
posts-none-at-all = Публикаций ещё нет.
posts-none-yet = Среди последних публикаций не найдено. Поищите среди более ранних.
posts-pages = Страницы
posts-older = Более ранние
post-attempts = { $n ->
    [one] { $n } попытка
    [few] { $n } попытки
   *[many] { $n } попыток
}
post-stopped-primary-gone = Публикации в MAX больше нет: её удалили. Опубликуйте заново (выдержка начнётся снова) или отмените оставшееся.
post-stopped-primary-differs = В MAX стоит другой текст, чем был поставлен в очередь. Исправьте публикацию (выдержка начнётся снова) или отмените оставшееся.
post-stopped-primary-unseen = Вестник не видит, стоит ли ещё публикация в MAX. Посмотрите и подтвердите: остальные площадки ждут вашего слова.
post-stopped-maybe-out = Публикация была в очереди до запуска Вестника и, возможно, уже вышла. Посмотрите на площадке и скажите, вышла ли она.
post-stopped-by-hand = Это делаете вы: замените текст публикации на площадке и подтвердите здесь её адрес.
post-stopped-by-hand-first = Здесь публикуете вы: разместите текст на площадке и укажите адрес публикации.
post-stopped-by-hand-withdraw = Это делаете вы: снимите публикацию на площадке и сообщите здесь.
post-stopped-edit-refused = Площадка не приняла изменение: там стоит прежний текст. Измените текст ещё раз или поправьте его на площадке сами.
post-stopped-withdrawal-refused = Площадка не дала снять публикацию. Снимите её на площадке сами и сообщите здесь.
post-stopped-unknown-outcome = Вестник не смог выяснить, чем закончилась последняя отправка. Посмотрите на площадке, что с публикацией, и выберите, как быть.
post-stopped-text-lost = База восстановлена из копии, и последнего текста этой публикации в ней нет. Он уже может стоять в канале. Исправьте публикацию: введите текст, как он должен читаться, — сначала он будет найден в канале, если стоит там. Или отмените: всё останется как стоит.
post-stopped-past-lost = База восстановлена из копии, и неизвестно, что было с этой публикацией с тех пор. Посмотрите на площадках, затем исправьте публикацию или отмените.
post-stopped-row-broken = Базу изменил не Вестник, и работать с этой публикацией нельзя. Сообщите тому, кто обслуживает Вестник, или отмените публикацию.
post-outcome-open = идёт
post-outcome-in-doubt = исход неизвестен
post-outcome-published = вышла
post-outcome-edited = изменена
post-outcome-retracted = снята
post-outcome-retry = пока не принято, будет повтор
post-outcome-rejected = отказ
post-outcome-unauthorised = нет прав
post-outcome-handed = передано человеку
post-outcome-abandoned = не принято, попытка закрыта
post-outcome-confirmed = подтверждено

## Площадки

channels-works = работает
channels-paused = остановлена
channels-slug = Имя в настройках
channels-part = Порядок
channels-primary = первая: от неё считается выдержка
channels-follower = после выдержки
channels-unfinished = Ещё не вышло
channels-refused = Остановлена { $at }: платформа отказала в доступе. Верните права, проверьте площадку и продолжите.
channels-paused-by = Остановлена { $at } ({ $by }).
channels-check = Проверить сейчас
channels-too-slow = Площадка не ответила вовремя. Попробуйте позже.
channels-would-take = Площадка примет публикацию.
channels-would-not-take = Площадка не примет публикацию.
channels-identity = Под чьим именем
channels-clock = Часы площадки
channels-no-findings = Замечаний нет.
channels-blocking = Мешает публиковать:
finding-credential = Площадка не принимает доступ Вестника: ключа, токена или пароля нет, он отозван, или ему не хватает прав.
finding-credential-todo = Выпустите новый на площадке и попросите администратора указать его в настройках.
finding-credential-ends = Доступ Вестника к площадке скоро закончится.
finding-credential-ends-todo = Выпустите новый заранее и попросите администратора указать его в настройках.
finding-channel-unseen = Вестник не видит площадку: в настройках указана другая, или его нет среди её администраторов.
finding-channel-unseen-todo = Проверьте её номер в настройках и добавьте бота или пользователя в администраторы площадки.
finding-channel-closed = Площадка есть, но она закрыта или приостановлена.
finding-channel-closed-todo = Откройте её в приложении платформы.
finding-may-not-publish = У Вестника нет права публиковать на этой площадке.
finding-may-not-publish-todo = Дайте его боту или пользователю в настройках площадки.
finding-may-publish-unsure = Хватит ли Вестнику прав, чтобы публиковать, покажет только первая публикация.
finding-may-publish-unsure-todo = Чтобы не гадать, сделайте его пользователя администратором площадки.
finding-may-not-read = Вестник не может читать площадку и не докажет, что публикация вышла.
finding-may-not-read-todo = Дайте ему право читать публикации.
finding-may-not-upload = Вестник не может загружать сюда картинки или документы: публикации с ними не выйдут.
finding-may-not-upload-todo = Дайте ему это право.
finding-may-not-correct = Вестник не может изменять и снимать то, что уже вышло: это придётся делать вручную.
finding-may-not-correct-todo = Если это должен делать Вестник, дайте ему право изменять и удалять.
finding-setting = В настройках указано то, чего на площадке нет.
finding-setting-todo = Попросите администратора поправить настройки.
finding-site-unready = Сайт не готов принимать публикации от программы.
finding-site-unready-todo = Покажите подробности тому, кто обслуживает сайт.
finding-site-closed = Сайт сейчас не принимает публикации.
finding-site-closed-todo = Спросите у того, кто обслуживает сайт, когда он снова откроется.
finding-certificate = Вестник не доверяет сертификату платформы и не передаёт ей ничего.
finding-certificate-todo = Попросите администратора установить нужный корневой сертификат: он назван в подробностях.
finding-clock = Часы площадки и Вестника расходятся. Выпуск ждёт тех, что отстают.
finding-clock-todo = Попросите администратора настроить на сервере точное время.
finding-no-answer = Площадка не отвечает.
finding-no-answer-todo = Подождите и проверьте ещё раз; если не поможет, пусть администратор проверит сеть и адрес.
finding-unclear = Площадка ответила не так, как ожидает Вестник.
finding-unclear-todo = Пусть администратор проверит её адрес в настройках.
finding-refused = Площадка отказалась отвечать на проверочный вопрос.
finding-refused-todo = Покажите подробности администратору.
channels-resume = Продолжить работу
channels-pause = Остановить…
channels-pause-hint = Новые публикации выходить не будут, выдержка идёт дальше. Если остановить первую площадку, остальные подождут.
channels-pause-do = Остановить площадку
channels-clock-seconds = { $n ->
    [0] как наши
   *[other] расходятся с нашими на { $n } с
}

## Календарь

calendar-month = { $month ->
    [1] Январь
    [2] Февраль
    [3] Март
    [4] Апрель
    [5] Май
    [6] Июнь
    [7] Июль
    [8] Август
    [9] Сентябрь
    [10] Октябрь
    [11] Ноябрь
   *[12] Декабрь
} { $year }
calendar-week = { $first } – { $last } { $year }
calendar-from = С { $day } { $year }
calendar-day = { $weekday }, { $day }
calendar-weekday = { $n ->
    [1] понедельник
    [2] вторник
    [3] среда
    [4] четверг
    [5] пятница
    [6] суббота
   *[7] воскресенье
}
calendar-weekday-short = { $n ->
    [1] пн
    [2] вт
    [3] ср
    [4] чт
    [5] пт
    [6] сб
   *[7] вс
}
calendar-period = Другое время
calendar-previous-month = ← Прошлый месяц
calendar-next-month = Следующий месяц →
calendar-previous-week = ← Прошлая неделя
calendar-next-week = Следующая неделя →
calendar-earlier = ← Раньше
calendar-later = Позже →
calendar-today = Сегодня
calendar-is-today = сегодня
calendar-organisation = Организация
calendar-view = Вид
calendar-view-month = Месяц
calendar-view-week = Неделя
calendar-view-list = Список
calendar-at = День
calendar-show = Показать
calendar-drawn = Календарь
calendar-hint = Перетащите публикацию на другое время. С клавиатуры: «Перенести» в таблице ниже.
calendar-table = Таблица
calendar-weekday-column = День
calendar-time = Время
calendar-post = Публикация
calendar-state = Состояние
calendar-follows = Затем
calendar-do = Действие
calendar-move = Перенести
calendar-move-title = Перенести «{ $title }»
calendar-more = { $n ->
    [one] ещё { $n } публикация
    [few] ещё { $n } публикации
   *[many] ещё { $n } публикаций
}
calendar-besides = ещё
calendar-nothing = С этого дня публикаций нет.
calendar-nothing-in-month = В этом месяце публикаций нет.
calendar-untitled = Без заголовка
calendar-draft = Черновик: { $title }
calendar-draft-draft = черновик
calendar-draft-submitted = на согласовании
calendar-draft-approved = согласован
calendar-too-long = Можно показать не больше { $days } дней сразу.
calendar-not-sent = Не удалось отправить, публикация осталась на прежнем времени. Проверьте связь и повторите.
calendar-not-read = Не удалось показать календарь. Проверьте связь и обновите страницу; таблица ниже — на время, когда страница открылась.
calendar-undo = Вернуть
calendar-close = Закрыть
calendar-narrow = В узком окне дни идут списком.
calendar-as-grid-month = Показать месяц сеткой
calendar-as-grid-week = Показать неделю таблицей
calendar-as-list = Показать списком по дням
move-title = Перенести публикацию
move-zone = Время указано по часам организации: { $zone }.
move-channel = Площадка
move-lies = Сейчас
move-to = Новое время
move-whole = Всю публикацию
move-own = Только { $channel }
move-not-before = Не раньше { $at }
move-do = Перенести
move-not = Перенести уже нельзя
move-done = «{ $title }» — перенесено: { $where }.
move-draft-done = Черновик «{ $title }» перенесён: { $at }.
move-past = Это время уже прошло: сейчас { $at }. Выберите более позднее.
move-meanwhile = Публикацию уже перенёс кто-то другой: теперь { $at }. Посмотрите и, если нужно, перенесите ещё раз.
move-out = Уже вышло: { $at }. То, что вышло, не переносят.
move-on-its-way = Публикация как раз уходит на площадку. Дождитесь, чем это кончится.
move-over = Эта публикация больше не выйдет. Поставьте в очередь новую.
move-stopped = Публикация остановлена и ждёт решения. Сначала решите вопрос на странице «Сегодня».
move-unlooked = Время публикации наступило, и Вестник сначала проверяет, не вышла ли она уже. Подождите этого.
move-before-hold = До { $at } не пройдёт выдержка. Выберите более позднее время.
move-expires = Срок публикации истекает { $at }, раньше, чем она вышла бы всюду. Выберите более раннее время.

## Неделя

weeks-title = Неделя
weeks-rule = Норма: { $n ->
    [one] { $n } публикация
    [few] { $n } публикации
   *[many] { $n } публикаций
} в неделю на каждой площадке, с понедельника по воскресенье.
weeks-this = Эта неделя
weeks-in-calendar = В календаре
weeks-channels = По площадкам
weeks-published = Вышло
weeks-planned = Запланировано
weeks-minimum = Норма
weeks-verdict = Итог
weeks-verdict-met = норма выполнена
weeks-verdict-on-the-way = по плану будет выполнена
weeks-verdict-at-risk = { $n ->
    [one] не хватает { $n } публикации
   *[other] не хватает { $n } публикаций
}
weeks-verdict-missed = норма не выполнена
weeks-posts = Публикации недели
weeks-nothing = На этой неделе публикаций нет.
weeks-past = Последние недели: { $n }
weeks-past-none = Последние недели
weeks-picture-channel = { $channel }: норма выполнена в { $counted ->
    [one] { $met } из { $counted } недели.
   *[other] { $met } из { $counted } недель.
}
weeks-picture-line = Линия показывает норму: { $n }.
weeks-figures = То же в цифрах
weeks-week = Неделя
weeks-too-few = мало
weeks-no-past = Прошлых недель ещё нет.
weeks-month = { $n ->
    [1] янв
    [2] фев
    [3] мар
    [4] апр
    [5] май
    [6] июн
    [7] июл
    [8] авг
    [9] сен
    [10] окт
    [11] ноя
   *[12] дек
}

## Журнал

journal-search = Поиск в журнале
journal-words = Слова
journal-words-hint = В любой форме: «мост» найдёт и «моста». Слова в кавычках ищутся подряд.
journal-organisation = Организация
journal-channel = Площадка
journal-kind = Событие
journal-state = Выпуск сейчас
journal-person = Кто
journal-from = С
journal-to = По
journal-all = Все
journal-find = Найти
journal-everything = Весь журнал
journal-of-one-post = Показаны события одной публикации.
journal-not-indexed = Поиск ещё готовится: { $n ->
    [one] { $n } новая запись пока не найдётся
    [few] { $n } новые записи пока не найдутся
   *[many] { $n } новых записей пока не найдутся
}. Обновите страницу через минуту.
journal-found = Найдено
journal-newest = Последние события
journal-nothing = Ничего нет. Попробуйте другие слова или другой период.
journal-not-yet = В просмотренной части журнала ничего нет.
journal-cut = Просмотрена часть журнала: такой поиск идёт частями.
journal-go-on = Искать дальше
journal-newer = ← Новее
journal-older = Старше →
journal-pages = Страницы журнала
journal-neighbours = Соседние записи
journal-column-time = Время
journal-column-what = Что произошло
journal-column-who = Кто
journal-after-max = через { $distance } после MAX
journal-installation = Вестник (вся установка)
journal-vestnik = Вестник
journal-unreadable = Эту запись нельзя прочитать: её изменили в обход Вестника.
journal-unreadable-todo = Проверьте цепочку и позовите администратора.
journal-of-newer = Событие новой версии Вестника: { $kind }
journal-too-long = Слишком длинный запрос. Оставьте несколько слов.
journal-too-many-words = В запросе слишком много слов: оставьте не больше двадцати.
journal-unknown-choice = Такого выбора нет: { $what }.
journal-no-date = «{ $text }» — не дата. Напишите, например, 2026-11-22 или 22.11.2026.
journal-period-backwards = Период заканчивается раньше, чем начинается.
journal-yes = да
journal-no = нет

journal-entry = Запись { $seq } · { $chain }
journal-as-it-lies = Как лежит в базе
journal-post = Публикация
journal-all-of-post = все её записи
journal-delivery = Выпуск
journal-distance = После MAX
journal-proof = Чем доказано
journal-hash = Хеш записи
journal-hash-right = Сходится с текстом записи.
journal-hash-wrong = Не сходится с текстом записи: её изменили.
journal-prev = Хеш предыдущей
journal-linked = Совпадает с предыдущей записью.
journal-not-linked = Не совпадает с предыдущей записью: цепочка разорвана.
journal-before-unreadable = Предыдущую запись нельзя прочитать.
journal-canonical = Текст, от которого взят хеш (SHA-256)
journal-answer = Ответ платформы
journal-answer-status = Код ответа: { $status }
journal-answer-as-told = Хеш этого ответа записан в журнале и сходится.
journal-answer-changed = Хеш этого ответа не сходится с записанным в журнале: ответ изменили.
journal-entry-before = ← Предыдущая запись
journal-entry-after = Следующая запись →

journal-kinds-post = Публикации
journal-kinds-delivery = Выпуски
journal-kinds-attempt = Обращения к платформам
journal-kinds-channel = Площадки
journal-kinds-clock = Часы
journal-kinds-week = Недельная норма
journal-kinds-daemon = Работа Вестника
journal-kinds-credential = Доступы
journal-kinds-history = Копии журнала
journal-kinds-draft = Черновики и согласование
journal-kinds-person = Люди и вход
journal-kinds-token = Токены

journal-state-waiting = Ждёт MAX
journal-state-held = На выдержке
journal-state-queued = В очереди
journal-state-releasing = Выпускается
journal-state-in_doubt = Требует сверки
journal-state-handed = Передан человеку
journal-state-published = Опубликован
journal-state-failed = Не вышел
journal-state-cancelled = Отменён
journal-state-withdrawn = Снят

journal-post-queued = Публикация поставлена в очередь
journal-post-edited = Публикация исправлена, редакция { $revision }
journal-post-moved = Публикация перенесена на другое время
journal-post-cancel-requested = Публикацию решили отменить
journal-post-withdraw-requested = Публикацию решили снять с площадок
journal-post-republished = Публикация выпускается в MAX заново, выдержка начнётся снова
journal-post-expired = Срок публикации истёк: что не вышло, уже не выйдет
journal-post-lost = В восстановленной базе нет этой публикации: «{ $title }»
journal-delivery-held = Выдержка до { $until }, редакция { $revision }
journal-delivery-postponed = Выпуск отложен до { $until }
journal-delivery-waiting = Снова ждёт публикации в MAX
journal-delivery-stopped = Остановлено до решения человека
journal-delivery-resumed = Выпуск продолжен
journal-delivery-published = { $action_name ->
    [edit] Новая редакция { $revision } показана на площадке
   *[other] Опубликовано, редакция { $revision }
}
journal-delivery-failed = Не вышло
journal-delivery-cancelled = Отменено до выхода
journal-delivery-retracted = Снято с площадки
journal-delivery-retract-failed = Снять с площадки не удалось
journal-delivery-handed = Передано человеку для публикации вручную
journal-attempt-started = Обращение { $number } к платформе: { $action }
journal-attempt-ended = Обращение к платформе закончено: { $outcome }
journal-attempt-looked = Сверка с платформой: { $found }
journal-channel-paused = Площадка остановлена
journal-channel-resumed = Площадка снова в работе
journal-clock-disagreed = Часы платформы расходятся с нашими на { $ahead_ms } мс
journal-clock-jumped = Часы сервера перевели на { $ahead_ms } мс
journal-week-counted = Неделя { $week }: вышло { $published } при норме { $minimum } — { $verdict }
journal-week-warned = Неделя { $week }: вышло { $published }, запланировано { $planned } при норме { $minimum } — { $verdict }
journal-daemon-started = Вестник { $version } начал работу
journal-daemon-stopped = Вестник закончил работу
journal-credential-renewed = Платформа обновила доступ
journal-history-exported = Снята копия журнала ({ $format })
journal-history-older-head = База восстановлена из старой копии: журнал короче, чем помнит Вестник
journal-draft-submitted = Черновик «{ $title }» отправлен на согласование
journal-draft-approved = Черновик «{ $title }» согласован
journal-draft-returned = Черновик «{ $title }» возвращён автору
journal-draft-discarded = Черновик «{ $title }» отклонён и не выйдет
journal-person-added = Добавлен человек: { $name } ({ $login })
journal-person-rights-changed = Изменены права: { $login }
journal-person-disabled = Вход закрыт: { $login }
journal-person-enabled = Вход снова открыт: { $login }
journal-person-password-reset = Выдан адрес для нового пароля: { $login }
journal-person-password-set = Задан новый пароль: { $login }
journal-person-signed-in = Вход: { $login }, адрес { $address }
journal-person-signed-out = Выход: { $login }
journal-person-sign-in-refused = Вход отклонён, адрес { $address }
journal-person-refused = Действие не разрешено: { $login }, { $action }
journal-token-made = Создан токен «{ $label }» ({ $login })
journal-token-revoked = Отозван токен «{ $label }» ({ $login })

journal-field-action = Действие
journal-field-address = Адрес входа
journal-field-after = После
journal-field-ahead-ms = Разница, мс
journal-field-answer-sha256 = SHA-256 ответа
journal-field-at = Время
journal-field-attempt = Обращение
journal-field-before = До
journal-field-by = Чьё слово
journal-field-channel = Площадка
journal-field-clocks = Часы
journal-field-content-sha256 = SHA-256 текста
journal-field-counts-from = Отсчёт с
journal-field-draft = Черновик
journal-field-expires-at = Не выпускать позже
journal-field-filter = Отбор
journal-field-follower = Часы площадки
journal-field-format = Вид копии
journal-field-found = Найдено
journal-field-from = С
journal-field-hash = Хеш
journal-field-hold-from = Выдержка с
journal-field-hold-seconds = Выдержка, с
journal-field-key = Ключ запроса
journal-field-kind = Вид причины
journal-field-label = Токен
journal-field-login = Логин
journal-field-margin-seconds = Запас, с
journal-field-minimum = Норма
journal-field-name = Имя
journal-field-next-at = Следующая попытка
journal-field-number = Номер
journal-field-organisation = Организация
journal-field-ours = Наши часы
journal-field-outcome = Итог
journal-field-planned = План
journal-field-platform-time = Время платформы
journal-field-primary = Первая площадка
journal-field-primary-seen-at = MAX проверен
journal-field-published = Вышло
journal-field-reason = Причина
journal-field-received-at = Подтверждение получено
journal-field-remembered = Помнит Вестник
journal-field-remote-id = Номер на платформе
journal-field-revision = Редакция
journal-field-role = Роль
journal-field-roles = Роли
journal-field-seq = Запись
journal-field-standing = Стоит на площадках
journal-field-status = Код ответа
journal-field-title = Заголовок
journal-field-todo = Что сделать
journal-field-until = До
journal-field-url = Адрес
journal-field-verdict = Итог
journal-field-version = Версия
journal-field-week = Неделя

journal-value-action-publish = публикация
journal-value-action-edit = правка
journal-value-action-retract = снятие
journal-value-deed-read = чтение
journal-value-deed-write = подготовка публикаций
journal-value-deed-approve = согласование
journal-value-deed-settle = решения о публикациях
journal-value-deed-run-channels = управление площадками
journal-value-deed-run-people = управление людьми
journal-value-outcome-published = опубликовано
journal-value-outcome-edited = исправлено
journal-value-outcome-retracted = снято
journal-value-outcome-retry = пока не принято, будет повтор
journal-value-outcome-rejected = отклонено платформой
journal-value-outcome-unauthorised = нет доступа
journal-value-outcome-in-doubt = исход неизвестен
journal-value-outcome-handed = передано человеку
journal-value-outcome-abandoned = не принято и прекращено
journal-value-found-yes = публикация найдена
journal-value-found-no = публикации нет
journal-value-found-cannot-tell = решает человек
journal-value-by-platform = платформа
journal-value-by-find = сверка с платформой
journal-value-by-person = человек
journal-value-verdict-met = норма выполнена
journal-value-verdict-on-the-way = норма будет выполнена
journal-value-verdict-at-risk = норма под угрозой
journal-value-verdict-missed = норма не выполнена
journal-value-role-officer = сотрудник
journal-value-role-editor = редактор
journal-value-role-auditor = проверяющий
journal-value-role-administrator = администратор

export-title-all = Скачать копию
export-what = Копия — с тем же отбором, что на странице. Доказывает только полная копия в JSON Lines, без отбора: её проверит и посторонняя программа.
export-jsonl = JSON Lines для проверки
export-xlsx = Таблица XLSX
export-csv = Таблица CSV
export-busy = Сейчас уже готовятся две копии. Подождите минуту и повторите.
export-time = Время (часы организации)
export-offset = Пояс
export-number = Запись
export-title = Заголовок
export-said = Причина
export-address = Адрес
export-remote-id = Номер на платформе
export-platform-time = Время платформы

check-title = Проверка цепочки
check-link = Проверить цепочку
check-what = Каждая запись проверяется от первой до последней (сейчас их { $n }), затем все публикации, выпуски и ответы платформ сверяются с журналом.
check-begin = Проверить
check-noted = Записанный раньше хеш
check-noted-hint = Необязательно. Если вы выписали хеш последней записи при прошлой проверке, Вестник скажет, на месте ли она.
check-no-hash = Это не хеш: в нём 64 знака, цифры и буквы от a до f.
check-begun = Начало проверки: { $when }, { $who }.
check-runs = Идёт проверка
check-waits = Ждёт, пока закончится проверка другой цепочки.
check-entries = Проверено записей: { $done } из { $all }.
check-posts = Записи проверены. Сверено публикаций: { $done }.
check-reload = Обновить
check-stop = Остановить
check-stopped = Проверку остановили, результата нет.
check-failed = Базу не удалось прочитать до конца. Позовите администратора: причина записана в журнал программы.
check-proven = Доказано: цепочка цела, правило четырёх часов соблюдено, база совпадает с журналом.
check-broken = Не доказано: найдены расхождения.
check-part = Нарушений не найдено, но доказано не всё: для части выпусков неизвестно, сколько прошло после MAX.
check-ended = Закончено
check-checked = Проверено записей
check-head = Последняя запись
check-note-it = Выпишите номер и хеш: по ним потом видно, что конец журнала не подменили.
check-expected = Записанный хеш
check-expected-at = На месте, это запись { $seq }.
check-expected-missing = В этой цепочке его нет: журнал обрезали или составили заново — или это хеш другой цепочки.
check-fault = Где разрыв
check-fault-break = Запись изменена, вынута или переставлена.
check-fault-unreadable = Запись нельзя прочитать: её изменили в обход Вестника.
check-fault-head = Конец цепочки отрезан или заменён.
check-fault-twice = Цепочка записана дважды.
check-rule = Всего выпусков после MAX: { $all }; соблюдено { $kept }, раньше срока { $broken }, без публикации в MAX { $unfounded }.
check-nearest = Ближе всего к MAX: { $distance }.
check-unknown = Неизвестно, сколько прошло после MAX: { $unknown }.
check-wrong = Что проверить
check-remarks = Замечания
check-findings = Расхождения базы с журналом
check-findings-what = Строка базы говорит не то, что журнал. Перечень — для администратора, на языке программы.
check-more = И ещё { $n }.

## Правило четырёх часов

rule-what = Каждая публикация после MAX и сколько времени прошло от MAX до неё. Правило — не меньше четырёх часов.
rule-show = Показать
rule-period = с { $from } по { $to }
rule-not-indexed = Таблица ещё готовится, не учтено записей журнала: { $n }. Обновите страницу через минуту.
rule-nothing = За этот период публикаций после MAX нет.
rule-all-kept = Правило соблюдено: { $n ->
    [one] { $n } публикация
    [few] { $n } публикации
   *[many] { $n } публикаций
}, ни одной раньше срока.
rule-some-broken = Правило нарушено: всего публикаций { $n }, раньше срока { $broken }, без публикации в MAX { $unfounded }, неизвестно { $unknown }.
rule-some-unknown = Нарушений не видно: всего публикаций { $n }. Неизвестно, сколько прошло после MAX: { $unknown }. Так бывает после восстановления старой копии базы: когда правка появилась в MAX, уже не узнать.
rule-smallest-first = Сначала те, что вышли ближе всего к MAX
rule-goes-on = Продолжение
rule-distance = После MAX
rule-required = Положено
rule-of = положено { $required }
rule-verdict = Итог
rule-kept = соблюдено
rule-broken = раньше срока
rule-no-primary = в MAX не выходило
rule-unknown = неизвестно
rule-unreadable = Журнал об этой публикации больше не говорит: его изменили.
rule-primary-at = В MAX
rule-published-at = На площадке
rule-edit = правка, редакция { $revision }
rule-next = Дальше →
rule-sheet = Правило четырёх часов
rule-how = Расстояния посчитаны по журналу: от более позднего из времени MAX и подтверждения до самого раннего из времени площадки, начала обращения и подтверждения. Правка измеряется от правки в MAX.

## Программный интерфейс

api-title = Программный интерфейс
api-lead = Всё, что умеют страницы, умеют и программы: с токеном со страницы «Учётная запись». Описание для программ:
api-calls = Вызовы
api-takes = Что передать (* обязательно)
api-body = Тело запроса
api-answers = Ответы
api-shapes = Формы данных
api-fields = Поля (* всегда)

## Демонстрация
