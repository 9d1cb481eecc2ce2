//! The client: many connections that are kept, one call at a time on each, one thread.
//!
//! It waits for the answer on one connection and at once sends the next call on it, then goes on to
//! the next connection: the server always has something to do, and the client does little.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::servers::Server;

/// The call.
pub(crate) const PATH: &str = "/api/order/result";

/// How browsers would know the servers.
const HOST: &str = "127.0.0.1:8080";

const CONNECTIONS: usize = 64;

/// The client of one server, or of several that do the same.
pub(crate) struct Load {
    servers: usize,
    connections: Vec<TcpStream>,
    requests: Vec<String>,
    next: usize,
    answer: Vec<u8>,
}

impl Load {
    pub(crate) fn new(servers: &[Server], ids: &[String]) -> Result<Self, Box<dyn Error>> {
        let addresses = servers.iter().map(Server::address).cycle();
        let connections = addresses.take(CONNECTIONS).map(connect);
        Ok(Self {
            servers: servers.len(),
            connections: connections.collect::<Result<_, _>>()?,
            requests: ids.iter().map(|id| request(id)).collect(),
            next: 0,
            answer: vec![0; 16 * 1024],
        })
    }

    /// Asks each server for every order once.
    pub(crate) fn once_each(&mut self) -> Result<(), Box<dyn Error>> {
        // Connections lead to the servers in turn: one order further on, each order meets the next one.
        for start in 0..self.servers {
            self.next = start;
            let mut left = self.requests.len();
            self.go_round(|| {
                left = left.saturating_sub(1);
                left > 0
            })?;
        }
        Ok(())
    }

    /// Asks for so long; how many calls were answered.
    pub(crate) fn run(&mut self, duration: Duration) -> Result<u64, Box<dyn Error>> {
        let end = Instant::now() + duration;
        self.go_round(|| Instant::now() < end)
    }

    /// Asks on each connection in turn, while there is more to do, and hears all answers.
    fn go_round(&mut self, mut goes_on: impl FnMut() -> bool) -> Result<u64, Box<dyn Error>> {
        let Self {
            connections,
            requests,
            next,
            answer,
            ..
        } = self;
        let mut ask = |connection: &mut TcpStream| {
            *next = (*next + 1) % requests.len();
            let request = requests.get(*next).map_or(&[][..], |it| it.as_bytes());
            connection.write_all(request)
        };
        for connection in connections.iter_mut() {
            ask(connection)?;
        }
        let mut answered = 0;
        while goes_on() {
            let place = usize::try_from(answered)? % CONNECTIONS;
            let connection = connections.get_mut(place).ok_or("no connection")?;
            hear(connection, answer)?;
            answered += 1;
            ask(connection)?;
        }
        for connection in connections {
            hear(connection, answer)?;
            answered += 1;
        }
        Ok(answered)
    }
}

/// One call over a connection of its own; the answer's body.
pub(crate) fn ask(address: &str, id: &str) -> Result<String, Box<dyn Error>> {
    let mut connection = connect(address)?;
    connection.write_all(request(id).as_bytes())?;
    let mut answer = vec![0; 16 * 1024];
    let (body, length) = hear(&mut connection, &mut answer)?;
    let body = answer.get(body..length).unwrap_or_default();
    Ok(String::from_utf8(body.to_vec())?)
}

fn connect(address: &str) -> std::io::Result<TcpStream> {
    let connection = TcpStream::connect(address)?;
    connection.set_nodelay(true)?;
    Ok(connection)
}

/// What the page in a browser sends, without what makes browsers differ.
fn request(id: &str) -> String {
    let body = format!("{{\"id\":\"{id}\"}}");
    format!(
        "POST {PATH} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\n\
         accept: */*\r\naccept-encoding: gzip, deflate, br\r\naccept-language: en-IN\r\n\
         origin: http://{HOST}\r\nsec-fetch-site: same-origin\r\n\
         user-agent: Mozilla/5.0 (Linux; Android 10; K)\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads one whole answer, which must be a good one; where its body begins and ends.
fn hear(connection: &mut TcpStream, answer: &mut [u8]) -> Result<(usize, usize), Box<dyn Error>> {
    let mut length = 0;
    loop {
        let room = answer.get_mut(length..).ok_or("the answer is too long")?;
        let read = connection.read(room)?;
        if read == 0 {
            return Err("the server hung up".into());
        }
        length += read;
        let text = answer.get(..length).unwrap_or_default();
        let Some(head) = text.windows(4).position(|end| end == b"\r\n\r\n") else {
            continue;
        };
        let body = head + 4;
        let head = std::str::from_utf8(text.get(..head).unwrap_or_default())?;
        if !head.starts_with("HTTP/1.1 200 ") {
            return Err(head.to_owned().into());
        }
        let said = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let end = body + said.ok_or("an answer without a length")?.parse::<usize>()?;
        if length >= end {
            return Ok((body, end));
        }
    }
}
