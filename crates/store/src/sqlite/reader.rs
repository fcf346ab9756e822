//! A reader thread: reads never wait for the writer.

use super::link::Link;
use super::queue::Queue;

/// One piece of reading; it sends its own answer.
pub(crate) type Job = Box<dyn FnOnce(&mut Link) + Send>;

pub(crate) fn run(mut link: Link, jobs: &Queue<Job>) {
    while let Some(job) = jobs.take() {
        job(&mut link);
    }
}
