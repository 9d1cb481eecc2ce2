//! The loader in a shop's page. The checkout in its frame is a scripted one, on an origin of its own.

mod manners;
mod trust;
mod world;
