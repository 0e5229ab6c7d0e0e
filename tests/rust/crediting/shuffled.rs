//! The same catalogue, written in another order.

use super::shop::{Criteria, Shop};

use promo_edge::snapshot::ContentId;

/// The shop with everything that has no order in another one. Exception lists and payout groups
/// have: they are read from the top.
pub fn shuffled(shop: &Shop, seed: u64) -> Shop {
    let mut shop = shop.clone();
    shuffle(&mut shop.event_types, seed);
    shuffle(&mut shop.partners, seed);
    shuffle(&mut shop.deals, seed);
    shuffle(&mut shop.codes, seed);
    for list in &mut shop.exception_lists {
        shuffle(&mut list.items, seed);
    }
    for contracts in shop.partners.iter_mut().map(|partner| &mut partner.contracts) {
        shuffle(contracts, seed);
        for contract in contracts {
            shuffle(&mut contract.event_types, seed);
            if let Some(payout) = &mut contract.payout {
                let groups = payout.groups.iter_mut().map(|group| &mut group.when);
                let restrictions = payout.restrictions.iter_mut().map(|it| &mut it.when);
                groups.chain(restrictions).for_each(|when| shuffle_criteria(when, seed));
            }
        }
    }
    shop
}

fn shuffle_criteria(when: &mut Criteria, seed: u64) {
    let Criteria { code_in, code_in_lists, categories, skus, countries, .. } = when;
    for texts in [code_in, code_in_lists, categories, skus, countries].into_iter().flatten() {
        // What stands twice counts once.
        texts.extend(texts.first().copied());
        shuffle(texts, seed);
    }
}

/// Puts elements in an order that depends on the seed.
fn shuffle<T>(elements: &mut Vec<T>, seed: u64) {
    let key = |index: usize| ContentId::of(format!("{seed} {index}").as_bytes());
    let mut keyed: Vec<(ContentId, T)> =
        elements.drain(..).enumerate().map(|(index, element)| (key(index), element)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    elements.extend(keyed.into_iter().map(|(_, element)| element));
}
