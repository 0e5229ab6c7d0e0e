//! The same protocol and promises on long random ways through larger worlds: eight orders of up to
//! three customers, with carts, under both caps.

use super::answers::{self, NOTED};
use super::events::Event;
use super::explorer::Machine;
use super::protocol::{Protocol, Scope};
use super::seed::config;
use super::world::{Order, World};

use promo_edge::ledger::cap::Limits;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

type Large = Protocol<8, 2, 6>;
type LargeWorld = World<8, 2, 6>;

/// More calm steps than a world of that size needs to settle.
const CALM_STEPS: usize = 500;

fn scopes() -> impl Strategy<Value = Scope> {
    let cap = prop_oneof![Just(None), (1..=4_u64).prop_map(Some)];
    let customer_cap = prop_oneof![Just(None), (1..=2_u64).prop_map(Some)];
    let limits = (cap, customer_cap).prop_map(|(all, each)| Limits {
        max_redemptions: all,
        max_redemptions_per_customer: each,
    });
    (limits, 1..=2_u8, 1..=3_u8, any::<bool>()).prop_map(
        |(limits, claims, customers, has_carts)| Scope { limits, claims, customers, has_carts },
    )
}

/// Of what may happen, the `choice`-th that changes something.
fn step(protocol: &Large, world: &LargeWorld, choice: usize) -> Option<(Event, LargeWorld)> {
    let mut events = protocol.events(world);
    let first = choice % events.len();
    events.rotate_left(first);
    let after = |event| (event, protocol.after(world, event));
    events.into_iter().map(after).find(|(_, next)| next != world)
}

/// What is calm comes first: messages, attempts, the outbox, then what expires.
fn calm_step(protocol: &Large, world: &LargeWorld) -> Option<(Event, LargeWorld)> {
    let is_calm = |event: &Event| protocol.is_calm(world, *event);
    let after = |event| (event, protocol.after(world, event));
    let events = protocol.events(world).into_iter().filter(is_calm);
    events.map(after).find(|(_, next)| next != world)
}

fn keeps_promises(
    protocol: &Large,
    from: &LargeWorld,
    (event, to): (Event, LargeWorld),
) -> Result<LargeWorld, TestCaseError> {
    let broken = protocol.broken(from, &to);
    prop_assert!(broken.is_none(), "{:?} by {:?} in {:#?}", broken, event, from);
    Ok(protocol.in_one_spelling(to))
}

#[test]
fn every_way_keeps_the_promises_and_settles_in_the_calm() {
    let choices = prop::collection::vec(any::<u16>(), 1..1_000);
    let run = TestRunner::new(config(600)).run(&(scopes(), choices), |(scope, choices)| {
        let protocol = Large::new(NOTED, scope);
        let mut world = protocol.start();
        for choice in choices {
            let Some(step) = step(&protocol, &world, choice.into()) else { break };
            world = keeps_promises(&protocol, &world, step)?;
        }
        for _ in 0..CALM_STEPS {
            let Some(step) = calm_step(&protocol, &world) else { break };
            world = keeps_promises(&protocol, &world, step)?;
        }
        prop_assert!(protocol.is_settled(&world), "{:#?}", world);
        let credited = world.orders.iter().filter_map(Order::live_hold).count();
        prop_assert_eq!(credited, world.rows().count());
        Ok(())
    });
    run.unwrap_or_else(|failed| panic!("{failed}"));
    answers::all_were_given();
}
