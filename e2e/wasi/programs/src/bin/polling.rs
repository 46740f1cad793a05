//! Waiting by poll_oneoff. Run with 13 bytes to read; or with the argument "slow" and with bytes that come
//! after a while.

use wasi_programs::call::*;
use wasi_programs::{finish, holds, is, now};

const CLOCK: u8 = 0;
const READ: u8 = 1;
const WRITE: u8 = 2;
const REALTIME: u64 = 0;
const MONOTONIC: u64 = 1;
const ABSOLUTE: u16 = 1;
const HANGUP: u16 = 1;
const MS: u64 = 1_000_000;
/// Browsers' clocks go by steps of up to a millisecond, and timers may be early by one of them.
const STEP: u64 = MS + MS / 2;

fn clock(userdata: u64, clock: u64, timeout: u64, flags: u16) -> Subscription {
    Subscription { userdata, kind: CLOCK, subject: clock, timeout, flags, ..Default::default() }
}

fn descriptor(userdata: u64, kind: u8, fd: u32) -> Subscription {
    Subscription { userdata, kind, subject: fd.into(), ..Default::default() }
}

/// The events, or the error, and how long it took.
fn poll(subscriptions: &[Subscription]) -> (Result<Vec<Event>, i32>, u64) {
    let mut events = vec![Event::default(); subscriptions.len()];
    let mut count = usize::MAX;
    let start = now();
    let (from, to) = (subscriptions.as_ptr(), events.as_mut_ptr());
    let errno = unsafe { poll_oneoff(from, to, subscriptions.len(), &mut count) };
    let passed = now() - start;
    if errno != SUCCESS {
        return (Err(errno), passed);
    }
    events.truncate(count);
    (Ok(events), passed)
}

/// The one event of a subscription that is due.
fn event(subscription: Subscription) -> Event {
    poll(&[subscription]).0.unwrap()[0]
}

fn due(userdata: u64) -> Event {
    Event { userdata, ..Default::default() }
}

fn error_of(subscription: Subscription) -> i32 {
    event(subscription).error.into()
}

fn clocks() {
    let (events, passed) = poll(&[clock(7, MONOTONIC, 60 * MS, 0)]);
    is("a sleep ends with its event", events, Ok(vec![due(7)]));
    holds("after its time", passed >= 60 * MS - STEP);
    holds("and not long after", passed < 2000 * MS);
    let (_, passed) = poll(&[clock(0, REALTIME, 30 * MS, 0)]);
    holds("the wall clock takes as long", passed >= 30 * MS - STEP && passed < 2000 * MS);
    let (_, passed) = poll(&[clock(0, MONOTONIC, now() + 40 * MS, ABSOLUTE)]);
    holds("a moment on the monotonic clock is waited for", passed >= 40 * MS - 2 * STEP);
    let mut time = 0;
    unsafe { clock_time_get(0, 0, &mut time) };
    let (_, passed) = poll(&[clock(0, REALTIME, time + 40 * MS, ABSOLUTE)]);
    holds("one on the wall clock, too", passed >= 40 * MS - 2 * STEP);
    let (events, passed) = poll(&[clock(1, MONOTONIC, 1, ABSOLUTE)]);
    is("one that has passed is due at once", (events, passed < 1000 * MS), (Ok(vec![due(1)]), true));
    is("so is a sleep of no time", event(clock(2, MONOTONIC, 0, 0)), due(2));
    let both = [clock(1, MONOTONIC, 60_000 * MS, 0), clock(2, MONOTONIC, 20 * MS, 0)];
    let (events, passed) = poll(&both);
    is("of two clocks the sooner one ends the wait", events, Ok(vec![due(2)]));
    holds("in its time", passed >= 20 * MS - STEP && passed < 2000 * MS);
    let same = [clock(1, REALTIME, 10 * MS, 0), clock(2, MONOTONIC, 10 * MS, 0)];
    is("two of the same time end it together", poll(&same).0, Ok(vec![due(1), due(2)]));
    let (_, passed) = poll(&[clock(0, MONOTONIC, MS / 10, 0)]);
    holds("a tenth of a millisecond is not much longer", passed < 1000 * MS);

    is("the clocks of CPU time can't be waited for", error_of(clock(0, 2, MS, 0)), NOTSUP);
    is("nor can a clock that does not exist", error_of(clock(0, 9, MS, 0)), INVAL);
    is("nor by a flag that does not", error_of(clock(0, MONOTONIC, MS, 2)), INVAL);
}

fn descriptors() {
    let output = event(descriptor(3, WRITE, 1));
    is("stdout can be written at once", (output.userdata, output.error, output.kind), (3, 0, WRITE));
    holds("some bytes", output.bytes > 0);
    let input = event(descriptor(u64::MAX, READ, 0));
    is("stdin has bytes", (input.userdata, input.error, input.kind), (u64::MAX, 0, READ));
    is("as many as it was given", (input.bytes, input.flags), (13, 0));
    let (events, passed) = poll(&[clock(1, MONOTONIC, 60_000 * MS, 0), descriptor(2, READ, 0)]);
    let userdata = events.unwrap().iter().map(|event| event.userdata).collect::<Vec<_>>();
    is("what is ready ends a sleep", (userdata, passed < 1000 * MS), (vec![2], true));
    let both = poll(&[descriptor(1, READ, 0), descriptor(2, WRITE, 1), descriptor(3, WRITE, 2)]);
    let userdata = both.0.unwrap().iter().map(|event| event.userdata).collect::<Vec<_>>();
    is("all that are ready are told", userdata, vec![1, 2, 3]);
    for _ in 0..13 {
        read(0);
    }
    is("at its end stdin is ready, too", event(descriptor(0, READ, 0)).bytes, 0);
    is("and says that it has ended", event(descriptor(0, READ, 0)).flags, HANGUP);

    std::fs::write("/file", "0123456789").unwrap();
    let file = open(ROOT, "file", 0, 0x8e0_01ff, 0).unwrap();
    read(file);
    is("a file has the bytes behind its position", event(descriptor(0, READ, file)).bytes, 9);
    is("and can be written", error_of(descriptor(0, WRITE, file)), SUCCESS);
    let reader = open(ROOT, "file", 0, 2 | 1 << 27, 0).unwrap();
    is("unless it was opened to read", error_of(descriptor(0, WRITE, reader)), BADF);
    let deaf = open(ROOT, "file", 0, 2, 0).unwrap();
    is("waiting takes a right", error_of(descriptor(0, READ, deaf)), NOTCAPABLE);
    is("stdout can't be read", error_of(descriptor(0, READ, 1)), BADF);
    is("stdin can't be written", error_of(descriptor(0, WRITE, 0)), BADF);
    is("nor a directory", error_of(descriptor(0, READ, ROOT)), BADF);
    is("nor what is not open", error_of(descriptor(0, READ, 99)), BADF);
    is("what is refused ends a sleep", poll(&[clock(1, MONOTONIC, 60_000 * MS, 0), descriptor(2, READ, 99)])
        .0.map(|events| events.len()), Ok(1));
    is("a kind that does not exist is refused", error_of(descriptor(0, 3, 0)), INVAL);
}

fn refused() {
    is("no subscriptions are refused", poll(&[]).0, Err(INVAL));
    let many = vec![clock(0, MONOTONIC, 0, 0); 4096];
    is("4,096 are due at once", poll(&many).0.map(|events| events.len()), Ok(4096));
    is("4,097 are too many", poll(&vec![clock(0, MONOTONIC, 0, 0); 4097]).0, Err(INVAL));
    let far = usize::MAX as *mut Event;
    let one = clock(0, MONOTONIC, 0, 0);
    is("events need room", unsafe { poll_oneoff(&one, far, 1, &mut 0) }, FAULT);
}

/// Standard input that is still to come.
fn slow() {
    let (events, passed) = poll(&[clock(1, MONOTONIC, 50 * MS, 0), descriptor(2, READ, 0)]);
    let userdata = events.unwrap().iter().map(|event| event.userdata).collect::<Vec<_>>();
    is("a sleep ends the wait for what does not come", userdata, vec![1]);
    holds("in its time", passed >= 50 * MS - STEP && passed < 400 * MS);
    unsafe { fd_fdstat_set_flags(0, NONBLOCK) };
    is("a read that may not wait says so", read(0), AGAIN);
    unsafe { fd_fdstat_set_flags(0, 0) };
    let both = poll(&[clock(1, MONOTONIC, 60_000 * MS, 0), descriptor(2, READ, 0)]).0.unwrap();
    let userdata = both.iter().map(|event| event.userdata).collect::<Vec<_>>();
    is("what does come ends a sleep", userdata, vec![2]);
    holds("with its bytes", both[0].bytes > 0);
    is("which are then read", read(0), SUCCESS);
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some("slow") {
        slow();
        finish()
    }
    clocks();
    descriptors();
    refused();
    finish()
}
