//! The desk of the running program: what is in somebody's hands when the program ends, or when the disk is full.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use vestnik_sandbox::town::Platform;

use crate::browser::{Answer, Browser};
use crate::disk::narrow::NarrowDisk;
use crate::press::{Daemon, Press, Signal, wait_for, wait_until};

const PASSWORD: &str = "одиннадцать синих лодок";
const TEXT: &str = "Открыта новая школа.";

/// An officer who has signed in.
struct Officer<'a> {
    press: &'a Press,
    browser: Browser,
    /// `127.0.0.1:PORT`.
    host: String,
}

impl<'a> Officer<'a> {
    fn arrives(press: &'a Press, daemon: &Daemon) -> Self {
        let host = wait_for("the desk is open", || {
            let log = daemon.log();
            let rest = log.split("desk=http://").nth(1)?;
            Some(rest.split('/').next()?.to_owned())
        });
        let added = press.json(["user", "add", "petrova", "--name", "Петрова Н. С.", "--role", "officer@gorod"]);
        let address = added["address"].as_str().unwrap();
        let welcome = format!("/welcome/{}", address.split("/welcome/").nth(1).unwrap());
        let browser = Browser::new(&format!("http://{host}"));
        let arrived = press.wait(browser.post(&welcome, &[("password", PASSWORD), ("again", PASSWORD)]));
        assert_eq!(arrived.location(), "/today", "{}", arrived.text());
        Self { press, browser, host }
    }

    fn new_draft(&self) -> String {
        let page = self.press.wait(self.browser.get("/drafts/new")).must_be(200).text();
        page.split("data-draft=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    /// What the composer sends when something was typed.
    fn types(&self, draft: &str, form: &[(&str, &str)]) -> Answer {
        self.press.wait(async {
            let token = self.browser.token().await;
            let form = [&[("csrf", token.as_str()), ("organisation", "gorod")], form].concat();
            let request = self.browser.request(Method::POST, &format!("/drafts/{draft}")).form(&form);
            self.browser.send(request.header("accept", "application/json")).await
        })
    }

    fn queues(&self, draft: &str, form: &[(&str, &str)]) -> Answer {
        let form = [&[("organisation", "gorod")], form].concat();
        self.press.wait(self.browser.post(&format!("/drafts/{draft}/queue"), &form))
    }

    /// Sends the beginning of a file of `bytes` bytes; the rest is in the sender's hand.
    fn begins_to_send(&self, name: &str, bytes: usize) -> (TcpStream, Vec<u8>) {
        let token = self.press.wait(self.browser.token());
        let request = self.browser.request(Method::POST, "/files").build().unwrap();
        let cookie = request.headers()["cookie"].to_str().unwrap();
        let mut form = format!(
            "--b\r\ncontent-disposition: form-data; name=\"organisation\"\r\n\r\ngorod\r\n\
             --b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n"
        )
        .into_bytes();
        form.extend("слово ".repeat(bytes / 11).bytes());
        form.extend(b"\r\n--b--\r\n");
        let head = format!(
            "POST /files HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\nx-csrf-token: {token}\r\nsec-fetch-site: same-origin\r\n\
             accept: application/json\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=b\r\n\
             content-length: {}\r\n\r\n",
            self.host,
            form.len()
        );
        let mut line = TcpStream::connect(&self.host).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        line.write_all(head.as_bytes()).unwrap();
        let rest = form.split_off(form.len() / 2);
        line.write_all(&form).unwrap();
        (line, rest)
    }
}

#[test]
fn an_upload_is_finished_while_the_program_ends() {
    let press = Press::open();
    let daemon = press.serve();
    let officer = Officer::arrives(&press, &daemon);
    let (mut line, rest) = officer.begins_to_send("план.txt", 400_000);
    let taken = || std::fs::read_dir(press.path("media")).is_ok_and(|mut files| files.next().is_some());
    wait_until("the desk takes the file", taken);
    daemon.ask_to_end(Signal::Term);
    wait_until("nobody else is let in", || TcpStream::connect(&officer.host).is_err());
    line.write_all(&rest).unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(!daemon.log().contains("before everyone was answered"), "{}", daemon.log());
    assert_eq!(daemon.ended(), Some(0));
}

fn typed<'a>(version: &'a str, body: &'a str) -> [(&'a str, &'a str); 3] {
    [("version", version), ("title", "Школа"), ("body", body)]
}

#[test]
fn what_is_written_at_the_desk_outlives_a_full_disk() {
    let mut press = Press::open();
    let Some(mut disk) = NarrowDisk::mount(&mut press) else { return };
    let daemon = press.serve();
    let officer = Officer::arrives(&press, &daemon);
    let draft = officer.new_draft();
    officer.types(&draft, &typed("0", TEXT)).must_be(200);

    disk.fill();
    // The log of the database may still have room that it took before.
    let mut known = 1;
    let refused = (0..60).find_map(|n| {
        let body = format!("{TEXT} {n} {}", "слово ".repeat(16_000));
        let answer = officer.types(&draft, &typed(&known.to_string(), &body));
        if answer.status.is_success() {
            known = answer.json()["version"].as_u64().unwrap();
            return None;
        }
        Some(answer)
    });
    let refused = refused.expect("a disk of eight megabytes is full some time").must_be(507).text();
    assert!(refused.contains("На диске сервера нет места") && refused.contains("Ничего не потеряно"), "{refused}");
    let version = known.to_string();
    let body = format!("{TEXT} {}", "слово ".repeat(16_000));
    officer.queues(&draft, &typed(&version, &body)).must_be(507);
    assert!(press.on(Platform::Max).is_empty(), "what cannot be written down is not sent");

    disk.empty();
    // What the composer kept is sent again, and is there; then it goes out.
    let kept = officer.types(&draft, &typed(&version, TEXT)).must_be(200).json();
    let version = kept["version"].to_string();
    let queued = officer.queues(&draft, &typed(&version, TEXT)).must_be(303);
    assert!(queued.location().starts_with("/posts/"), "{}", queued.location());
    wait_until("it is out in MAX", || press.count(Platform::Max, "Школа") == 1);
    daemon.stop();
}

/// The program as systemd starts it when a socket unit listens for it.
fn handed(press: &Press, socket: &TcpListener) -> Command {
    let mut shell = press.program();
    shell.stdin(OwnedFd::from(socket.try_clone().unwrap()));
    shell
}

#[test]
fn whoever_comes_while_vestnik_restarts_waits_and_is_not_refused() {
    let mut press = Press::open();
    let take_socket = "exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"";
    press.through = ["sh", "-c", take_socket, "sh"].map(Into::into).to_vec();
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let serve = || Daemon::start(handed(&press, &socket), press.path("serve.log"));
    let daemon = serve();
    assert!(daemon.log().contains(&format!("desk=http://{}/", socket.local_addr().unwrap())), "{}", daemon.log());
    daemon.stop();
    let mut visitor = TcpStream::connect(socket.local_addr().unwrap()).unwrap();
    visitor.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let daemon = serve();
    let mut answer = String::new();
    visitor.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    daemon.stop();
}
