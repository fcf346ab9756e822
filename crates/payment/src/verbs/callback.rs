//! The gateway calls back: signed, of our time, perhaps twice, late, or out of order.

use super::pay::{heard, note};
use crate::event::Heard;
use crate::gateway::News;
use crate::room::Payments;
use crate::statement::{Difference, DifferenceKind};
use crate::store as rows;
use kernel::{Outcome, Refusal, RefusalKind};

/// Where the gateway calls.
pub const CALLBACK: &str = "/payments/callback";

/// Takes a call-back in; what was heard before changes nothing and is answered with yes.
///
/// # Errors
/// `payment.signature`, `payment.clock`, `payment.callback` for a body that is none, `payment.no-trade` for what we never began
/// (written down as a difference), `payment.amount-differs`.
pub async fn callback<'a>(
    p: &Payments,
    header: impl Fn(&str) -> Option<&'a str>,
    body: &[u8],
) -> Outcome<()> {
    let store = &p.house.ground.store;
    let nonce = p.key.check(CALLBACK, header, body, p.house.ground.clock.now())?;
    let news: News = serde_json::from_slice(body).map_err(|_| unreadable())?;
    if rows::nonce_used(store, &nonce).await? {
        return Ok(());
    }
    let bill = match news.refund {
        None => rows::bill_of_trade(store, news.trade).await?,
        Some(refund) => rows::bill_of_refund(store, refund).await?,
    };
    match bill {
        Some(bill) => heard(p, bill, &news, Heard::CallBack, Some(&nonce)).await,
        None => {
            note(p, &unknown(&news)).await?;
            Err(Refusal::new(
                RefusalKind::NotFound,
                "payment.no-trade",
                "没有这笔缴款。",
                "There is no such payment.",
            )
            .next("已记入差异。", "It is noted as a difference.")
            .into())
        }
    }
}

fn unknown(news: &News) -> Difference {
    Difference {
        kind: if news.refund.is_some() {
            DifferenceKind::UnknownRefund
        } else {
            DifferenceKind::UnknownPayment
        },
        trade: news.trade.to_string(),
        line: String::new(),
        refund: news.refund.map(|r| r.to_string()).unwrap_or_default(),
        gateway_no: news.gateway_no.clone(),
        ours: None,
        theirs: Some(news.amount),
    }
}

fn unreadable() -> Refusal {
    let (zh, en) = ("回调的内容无法识别。", "The call-back's body cannot be read.");
    Refusal::new(RefusalKind::Invalid, "payment.callback", zh, en)
        .next("请按接口说明发送。", "Send it as the protocol says.")
}
