//! What the demo's press offices write.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use super::super::banner::{self, Motif};

/// A post as an officer writes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Post {
    pub(super) title: &'static str,
    pub(super) tags: &'static str,
    pub(super) picture: Option<(&'static str, &'static str)>,
    pub(super) text: &'static str,
}

const RIVER: &str = "reka.png";
const HOUSE: &str = "dom.png";
const BUS: &str = "avtobus.png";

/// Enough for a month, used in turn.
pub(super) const POSTS: [Post; 14] = [
    Post {
        title: "Набережная снова открыта",
        tags: "благоустройство, набережная",
        picture: Some((RIVER, "Река, холмы и солнце над открытой набережной")),
        text: "Сегодня открылся **обновлённый участок набережной**.\n\n- уложено 1 200 м плитки\n- установлено 86 фонарей\n- появились два пандуса\n\nГулять можно круглосуточно.",
    },
    Post {
        title: "Автобусы на этой неделе",
        tags: "транспорт",
        picture: Some((BUS, "Жёлтый автобус на городской улице")),
        text: "Маршрут № 7 идёт в объезд **улицы Садовой**: там меняют трубы.\n\n1. Остановка «Рынок» переносится к дому 14.\n2. Интервал остаётся прежним, 12 минут.\n\nОбычный путь вернётся в субботу.",
    },
    Post {
        title: "Запись в первый класс",
        tags: "образование, школа",
        picture: Some((HOUSE, "Школа с горящими окнами")),
        text: "Запись идёт с 9:00 до 17:00 в школе вашего района. Понадобятся:\n\n- паспорт родителя\n- свидетельство о рождении\n- справка о регистрации\n\nКопии снимут на месте, _платить за это не нужно_.",
    },
    Post {
        title: "Где завтра не будет воды",
        tags: "жкх",
        picture: None,
        text: "Завтра с 10:00 до 18:00 воды не будет на улицах **Ленина** и **Мира**.\n\nПодвоз: у школы № 2, каждые два часа.",
    },
    Post {
        title: "Субботник в парке Победы",
        tags: "благоустройство",
        picture: Some((RIVER, "Парк у реки")),
        text: "Собираемся в субботу в 10:00 у главного входа. Перчатки, грабли и чай будут на месте.\n\n> Приходите с детьми: для них посадим аллею сирени.",
    },
    Post {
        title: "Отопление включено во всех школах",
        tags: "жкх, образование",
        picture: None,
        text: "Тепло подано в **24 школы и 31 детский сад**. Если в классе холодно, звоните: 112, круглосуточно.",
    },
    Post {
        title: "Новая поликлиника принимает пациентов",
        tags: "здоровье",
        picture: Some((HOUSE, "Здание поликлиники вечером")),
        text: "Первые приёмы уже идут. Записаться можно на портале госуслуг или по телефону регистратуры.\n\nЧасы работы: 8:00–20:00, в субботу до 15:00.",
    },
    Post {
        title: "Ремонт моста через Быструю закончат раньше",
        tags: "дороги",
        picture: Some((RIVER, "Мост над рекой")),
        text: "Движение по мосту откроют **на две недели раньше** срока. Осталось нанести разметку и проверить освещение.",
    },
    Post {
        title: "Приём граждан в четверг",
        tags: "обращения",
        picture: None,
        text: "Глава города ведёт приём с 14:00 до 18:00. Записаться можно до среды, 17:00.",
    },
    Post {
        title: "Ярмарка на Центральной площади",
        tags: "торговля",
        picture: Some((BUS, "Автобус у площади")),
        text: "Ярмарка работает в субботу и воскресенье с 9:00 до 16:00. До площади ходят **дополнительные автобусы**.",
    },
    Post {
        title: "Капитальный ремонт дома культуры начался",
        tags: "культура",
        picture: Some((HOUSE, "Дом культуры на закате")),
        text: "Кружки временно переезжают в школу № 5. Расписание прежнее.",
    },
    Post {
        title: "Маршрут № 3 продлили до Северного",
        tags: "транспорт",
        picture: Some((BUS, "Автобус нового маршрута")),
        text: "С понедельника автобус доходит до микрорайона Северный. Первый рейс в 6:10, последний в 22:40.",
    },
    Post {
        title: "Как получить субсидию на оплату тепла",
        tags: "социальная поддержка",
        picture: None,
        text: "Субсидия положена, если на оплату уходит больше **22 %** дохода семьи. Заявление принимают в МФЦ и на портале госуслуг.",
    },
    Post {
        title: "Расчистили русло реки у водозабора",
        tags: "экология",
        picture: Some((RIVER, "Чистая река")),
        text: "Убрано 3 400 кубометров ила и веток. Вода у водозабора стала чище, это подтвердила лаборатория.",
    },
];

/// Draws the pictures that posts name.
pub(super) fn draw_pictures(folder: &Path) -> io::Result<()> {
    for (name, motif) in [(RIVER, Motif::River), (HOUSE, Motif::House), (BUS, Motif::Bus)] {
        banner::write(&folder.join(name), motif)?;
    }
    Ok(())
}

impl Post {
    /// The post of this number, from the beginning again after the last.
    pub(super) fn nth(nth: usize) -> Self {
        POSTS[nth % POSTS.len()]
    }

    /// Writes the post file; `more` is added to its text.
    pub(super) fn write(&self, folder: &Path, more: &str) -> io::Result<PathBuf> {
        let mut text = format!("---\ntitle: \"{}\"\ntags: [{}]\n", self.title, self.tags);
        if let Some((file, alt)) = self.picture {
            let _ = write!(text, "media:\n  - {{ file: {file}, alt: \"{alt}\" }}\n");
        }
        let _ = write!(text, "---\n{}{more}\n", self.text);
        let path = folder.join("post.md");
        std::fs::write(&path, text)?;
        Ok(path)
    }
}
