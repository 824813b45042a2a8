//! The posts of the demo: post files with pictures, as an officer would write them.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use super::banner::{self, Motif};

/// A post file that was written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) file: PathBuf,
    pub(super) title: &'static str,
    pub(super) pictures: usize,
}

struct Post {
    name: &'static str,
    title: &'static str,
    /// Without it, now.
    at: Option<&'static str>,
    front: &'static str,
    pictures: &'static [(&'static str, &'static str, Motif)],
    text: &'static str,
}

const POSTS: &[Post] = &[
    Post {
        name: "naberezhnaya",
        title: "Набережная снова открыта",
        at: None,
        front: "link: https://gorod.example/naberezhnaya\ntags: [благоустройство, набережная]\n",
        pictures: &[
            ("naberezhnaya-den", "Река, холмы и солнце над открытой набережной", Motif::River),
            ("naberezhnaya-vecher", "Вечерний дом с горящими окнами у набережной", Motif::House),
        ],
        text: "Сегодня открылся **обновлённый участок набережной**.\n\n\
               - уложено 1 200 м плитки\n- установлено 86 фонарей\n- появились два пандуса\n\n\
               Гулять можно круглосуточно 🌊",
    },
    Post {
        name: "avtobusy",
        title: "Автобусы на этой неделе",
        at: Some("11:00"),
        front: "tags: [транспорт]\n",
        pictures: &[("avtobus", "Жёлтый автобус на городской улице", Motif::Bus)],
        text: "Маршрут № 7 идёт в объезд **улицы Садовой**: там меняют трубы.\n\n\
               1. Остановка «Рынок» переносится к дому 14.\n2. Интервал остаётся прежним, 12 минут.\n\n\
               Обычный путь вернётся в субботу.",
    },
    Post {
        name: "shkola",
        title: "Запись в первый класс",
        at: Some("13:30"),
        front: "tags: [образование, школа]\noverrides:\n  gorod-vk: Запись в первый класс открыта. Нужны паспорт \
                родителя, свидетельство о рождении и справка о регистрации. Подробности в школе вашего района.\n",
        pictures: &[("shkola", "Школа с флагом на крыше", Motif::House)],
        text: "Запись идёт с 9:00 до 17:00 в школе вашего района. Понадобятся:\n\n\
               - паспорт родителя\n- свидетельство о рождении\n- справка о регистрации\n\n\
               Копии снимут на месте, _платить за это не нужно_.",
    },
    Post {
        name: "voda",
        title: "Где завтра не будет воды",
        at: Some("17:00"),
        front: "tags: [жкх]\n",
        pictures: &[("voda", "Река под облачным небом", Motif::River)],
        text: "Завтра с 10:00 до 18:00 воды не будет на улицах **Ленина** и **Мира**.\n\n\
               Подвоз: у школы № 2, каждые два часа. Вопросы: 112.",
    },
];

/// Writes all of them into a folder.
pub(super) fn write(folder: &Path) -> io::Result<Vec<Written>> {
    POSTS.iter().map(|post| post.write(folder)).collect()
}

impl Post {
    fn write(&self, folder: &Path) -> io::Result<Written> {
        let mut text = format!("---\ntitle: \"{}\"\n", self.title);
        if let Some(at) = self.at {
            let _ = writeln!(text, "at: \"{at}\"");
        }
        text.push_str(self.front);
        text.push_str("media:\n");
        for (name, alt, motif) in self.pictures {
            let _ = writeln!(text, "  - {{ file: {name}.png, alt: \"{alt}\" }}");
            banner::write(&folder.join(format!("{name}.png")), *motif)?;
        }
        let _ = write!(text, "---\n{}\n", self.text);
        let file = folder.join(format!("{}.md", self.name));
        std::fs::write(&file, text)?;
        Ok(Written { file, title: self.title, pictures: self.pictures.len() })
    }
}
