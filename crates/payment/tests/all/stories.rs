//! Stories told by chance: whatever gets lost, comes twice, late or out of order, no money is made or lost.

use crate::town::{ROOMS, Town};
use kernel::{Failure, Lang, Money, Rng as _, SeededRng};
use payment::gateway::News;
use payment::model::RefundOf;
use payment::{BillId, BillState, Means, RefundState, TradeId, TradeState, verbs};
use store::command;

const FEES: [(&str, i64); 4] =
    [("registration-dwelling", 8_000), ("deed-tax", 777_701), ("courier-parcel", 1_200), ("income-tax", 5)];

struct Story {
    town: Town,
    chance: SeededRng,
    bills: Vec<BillId>,
    /// Call-backs under way, in no order; some are never delivered.
    under_way: Vec<News>,
    /// Payments the gateway was told of.
    trades: Vec<TradeId>,
}

/// A refusal is part of the story; a fault is not.
fn fine<T>(result: Result<T, Failure>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(Failure::Refused(_)) => None,
        Err(Failure::Fault(fault)) if fault.transient => None,
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

impl Story {
    fn roll(&self, below: usize) -> usize {
        usize::try_from(self.chance.next_u64() % u64::try_from(below).unwrap()).unwrap()
    }

    fn some_bill(&self) -> BillId {
        self.bills[self.roll(self.bills.len())]
    }

    async fn step(&mut self) {
        let id = self.some_bill();
        match self.roll(18) {
            0 => {
                fine(verbs::pay(&self.town.p, Lang::ZhCn, &self.town.payer, id).await);
                self.told_gateway().await;
            }
            // The whole matter at once, by whichever of its bills.
            1 | 2 => {
                fine(verbs::pay_all(&self.town.p, Lang::ZhCn, &self.town.payer, id, None).await);
                self.told_gateway().await;
            }
            3..=5 => self.at_gateway(),
            6 | 7 => self.deliver().await,
            8 => {
                fine(verbs::check(&self.town.p, id, self.roll(2) == 0).await);
            }
            9 => {
                let means = if self.roll(2) == 0 { Means::Cash } else { Means::Card };
                if self.roll(2) == 0 {
                    let owed = self.town.bill(id).await.owed().as_fen();
                    fine(self.town.take(id, means, owed).await);
                } else {
                    fine(self.town.take_all(id, means).await);
                }
            }
            10 | 11 => self.refund(id).await,
            12 => self.reduce(id).await,
            13 => {
                verbs::poll(&self.town.p).await.unwrap();
            }
            14 => self.replace(id).await,
            15 | 16 => self.town.t.clock.advance_seconds(i64::try_from(self.roll(4_000)).unwrap()),
            _ => {
                self.town.t.clock.advance_seconds(86_400);
                fine(verbs::fetch(&self.town.p).await);
            }
        }
    }

    /// Payments under way can be paid at the gateway from now on.
    async fn told_gateway(&mut self) {
        for id in &self.bills {
            self.trades.extend(self.town.bill(*id).await.underway().map(|t| t.id));
        }
    }

    /// A bill is called off, whatever is under way, and another one raised for the same.
    async fn replace(&mut self, id: BillId) {
        let raised = self.town.bill(id).await.raised;
        fine(verbs::call_off(&self.town.p, &raised.about, "corrected").await);
        let lines = &FEES[..=self.roll(FEES.len())];
        let new = fine(self.town.try_raise(&raised.about, lines).await).flatten();
        self.bills.extend(new.filter(|new| !self.bills.contains(new)));
    }

    /// Somebody pays at the gateway, or fails to; its call-back sets out, perhaps twice, perhaps never.
    fn at_gateway(&mut self) {
        let Some(trade) = self.trades.get(self.roll(self.trades.len().max(1))).copied() else { return };
        if let Some(news) = self.town.gateway.pay(trade, self.roll(4) != 0) {
            for _ in 0..self.roll(3) {
                self.under_way.push(news.clone());
            }
        }
    }

    async fn deliver(&mut self) {
        if self.under_way.is_empty() {
            return;
        }
        let news = self.under_way.swap_remove(self.roll(self.under_way.len()));
        let news = if self.roll(10) == 0 { News { amount: Money::fen(1), ..news } } else { news };
        fine(self.town.call_back(&news).await);
    }

    async fn refund(&self, id: BillId) {
        let bill = self.town.bill(id).await;
        if let Some(refund) = bill.refunds.iter().find(|r| r.state != RefundState::Done) {
            let (town, refund) = (&self.town, refund.id);
            if self.roll(3) == 0 {
                fine(command!(town.t.ground, Lang::ZhCn, town.clerk.actor_ref(), |cx| {
                    verbs::pay_out(&mut cx, &town.p, &town.clerk, refund).await
                }));
            } else {
                fine(town.decide(&town.head, refund, self.roll(5) != 0).await);
            }
            return;
        }
        let order = bill.orders[self.roll(bill.orders.len())].line.order;
        let most = bill.refundable(RefundOf::Order(order)).as_fen();
        let fen = i64::try_from(self.roll(usize::try_from(most).unwrap() + 2)).unwrap();
        fine(self.town.ask_refund(id, order, fen).await);
    }

    async fn reduce(&self, id: BillId) {
        let (town, bill) = (&self.town, self.town.bill(id).await);
        let order = bill.orders[0].line.order;
        let reduction = if self.roll(2) == 0 { "half" } else { "small-firm" };
        fine(command!(town.t.ground, Lang::ZhCn, town.examiner.actor_ref(), |cx| {
            verbs::reduce(&mut cx, &town.p, &town.examiner, id, (order, reduction), "出示证件").await
        }));
    }

    /// Days pass in which the program asks after everything and compares statements; no call-back comes any more.
    async fn come_to_rest(&self) {
        for _ in 0..40 {
            self.town.t.clock.advance_seconds(7_200);
            verbs::poll(&self.town.p).await.unwrap();
            fine(verbs::fetch(&self.town.p).await);
        }
    }

    async fn judge(&self) {
        let town = &self.town;
        let (mut owed, mut counter, mut kept, mut excess) = (0, 0, 0, 0);
        for id in &self.bills {
            let bill = town.bill(*id).await;
            assert!(bill.underway().is_none(), "nothing is unknown any more");
            let known = |t: &payment::model::Trade| matches!(t.state, TradeState::Closed | TradeState::Paid);
            assert!(bill.trades.iter().all(known));
            for trade in &bill.trades {
                for other in &trade.with {
                    let other = town.bill(*other).await.trade(trade.id).map(|t| t.state);
                    assert_eq!(other, Some(trade.state), "an act ends with all of its bills alike");
                }
            }
            owed += if bill.state() == BillState::Open { bill.owed().as_fen() } else { 0 };
            kept += bill.kept().as_fen();
            let done = |of: &RefundOf, means: Means| -> i64 {
                let mine = |r: &&payment::model::Refund| {
                    r.state == RefundState::Done
                        && r.means == means
                        && matches!(r.of, RefundOf::Order(_)) == matches!(of, RefundOf::Order(_))
                };
                bill.refunds.iter().filter(mine).map(|r| r.amount.as_fen()).sum()
            };
            for order in &bill.orders {
                assert!(order.refunded <= order.owed(), "no more is given back than was paid");
                let at_counter = order.paid.as_ref().is_some_and(|p| p.means != Means::Gateway);
                counter += if at_counter { order.owed().as_fen() } else { 0 };
            }
            if bill.cancelled {
                assert!(bill.orders.iter().all(|o| o.paid.is_none()), "what was called off is not paid");
            }
            let first = RefundOf::Order(bill.orders[0].line.order);
            counter -= done(&first, Means::Cash) + done(&first, Means::Card);
            let came: i64 = bill.trades.iter().filter_map(|t| t.excess).map(Money::as_fen).sum();
            excess += came - done(&RefundOf::Excess(self.trades[0]), Means::Gateway);
        }
        assert_eq!(town.books("receivable").await, owed, "what is owed");
        assert_eq!(town.books("cash").await + town.books("card").await, counter, "what lies in the drawers");
        let held = town.books("clearing").await + town.books("cleared").await;
        assert_eq!(held, town.gateway.holds(), "what the gateway holds");
        assert_eq!(held + counter, kept + excess, "nothing was made or lost");
        assert!(kept > 0, "something was paid in every story");
        let together = "SELECT COUNT(DISTINCT trade) FROM payment_order o WHERE o.bill <> (SELECT t.bill FROM payment_trade t WHERE t.id = o.trade)";
        let together: Option<(i64,)> = town.t.store.row(together, vec![]).await.unwrap();
        assert!(together.is_some_and(|(n,)| n > 0), "and by one act for several bills too");
    }
}

async fn tell(town: Town, seed: u64, steps: usize) {
    let mut story = Story {
        town,
        chance: SeededRng::new(seed),
        bills: Vec::new(),
        under_way: Vec::new(),
        trades: Vec::new(),
    };
    // Four bills of one matter, and one that stands alone.
    for n in 0..5 {
        let about = if n < 4 { format!("house/case:{n}") } else { format!("case:{n}") };
        let id = story.town.raise(&about, &FEES[..=n % 4]).await;
        story.bills.push(id);
    }
    let first = story.town.begin_anyhow(story.bills[0]).await;
    story.trades.push(first);
    for _ in 0..steps {
        story.step().await;
    }
    story.come_to_rest().await;
    story.judge().await;
}

impl Town {
    /// Sets out to pay, whatever the gateway answers.
    async fn begin_anyhow(&self, id: BillId) -> TradeId {
        fine(verbs::pay(&self.p, Lang::ZhCn, &self.payer, id).await);
        self.bill(id).await.underway().unwrap().id
    }
}

macro_rules! stories {
    ($($name:ident: $seed:literal),+) => {$(
        harness::both!($name, ROOMS, |t| async move {
            tell(Town::new(t, 15, $seed).await, $seed, 150).await;
        });
    )+};
}
stories!(first: 11, second: 12, third: 13, fourth: 14);
