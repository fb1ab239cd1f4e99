"""What codes are called on screen. Message ids: translated where they are shown."""

from __future__ import annotations

from collections.abc import Mapping


def _(text: str) -> str:
    """Marks a text for translation."""
    return text


STATES: Mapping[str, tuple[str, str]] = {
    # orders: (title, tone)
    "pending_payment": (_("Awaiting payment"), "wait"),
    "placed": (_("To ship, pays on delivery"), "act"),
    "paid": (_("Paid"), "good"),
    "to_ship": (_("To ship"), "act"),
    "shipped": (_("Shipped"), "good"),
    "received": (_("Received"), "good"),
    "completed": (_("Completed"), "quiet"),
    "refunding": (_("Being refunded"), "wait"),
    "refunded": (_("Refunded"), "quiet"),
    "cancelled": (_("Cancelled"), "quiet"),
    "closed": (_("Closed unpaid"), "quiet"),
    # payment and fulfilment, derived
    "unpaid": (_("Unpaid"), "wait"),
    "part": (_("Partly"), "wait"),
    "part_paid": (_("Partly paid"), "wait"),
    "part_refunded": (_("Partly refunded"), "quiet"),
    "not_shipped": (_("Not shipped"), "wait"),
    "part_shipped": (_("Partly shipped"), "wait"),
    "all_shipped": (_("All shipped"), "good"),
    # products
    "active": (_("For sale"), "good"),
    "draft": (_("Draft"), "wait"),
    "archived": (_("Archived"), "quiet"),
    # refunds, payments, messages, parked notifications
    "requested": (_("Requested"), "wait"),
    "pending": (_("Under way"), "wait"),
    "unknown": (_("No answer yet"), "wait"),
    "succeeded": (_("Done"), "good"),
    "failed": (_("Failed"), "bad"),
    "by_hand": (_("To be paid by hand"), "act"),
    "created": (_("Begun"), "quiet"),
    "waiting": (_("Waiting"), "wait"),
    "sent": (_("Delivered"), "good"),
    "done": (_("Done"), "good"),
    "dead": (_("Given up"), "bad"),
    "given_up": (_("Given up"), "bad"),
    "expired": (_("Out of date"), "quiet"),
    # after-sales
    "approved": (_("Approved"), "act"),
    "returned": (_("Sent back"), "act"),
    "rejected": (_("Rejected"), "quiet"),
    "withdrawn": (_("Withdrawn"), "quiet"),
    # stock
    "in": (_("In stock"), "good"),
    "few": (_("Few left"), "wait"),
    "out": (_("Sold out"), "bad"),
    "short": (_("Short"), "bad"),
    "backorder": (_("On backorder"), "wait"),
    "untracked": (_("Not counted"), "quiet"),
    # yes and no
    "on": (_("On"), "good"),
    "off": (_("Off"), "quiet"),
    "yes": (_("Yes"), "good"),
    "no": (_("No"), "quiet"),
    "missing": (_("Missing"), "bad"),
    "complete": (_("Complete"), "good"),
}

FLAGS: Mapping[str, tuple[str, str]] = {
    "overpaid": (
        _("Paid too much"),
        _("More money came in than the order costs. Give the rest back with “Refund overpayment”."),
    ),
    "late_payment": (
        _("Paid too late"),
        _(
            "The money came after the order had ended and the goods were no longer held. "
            "It is being refunded by itself; see the refunds below."
        ),
    ),
    "payment_mismatch": (
        _("Payment does not match"),
        _(
            "The payment service reported another amount or currency than was asked for. Nothing "
            "was booked. Look it up at the service before you confirm or refund anything by hand."
        ),
    ),
    "short_stock": (
        _("Not enough on the shelf"),
        _("Less is on hand than was promised. Check the shelf before you ship."),
    ),
}

EVENTS: Mapping[str, str] = {
    "place": _("Order placed"),
    "placed": _("Order placed"),
    "pay": _("Paid"),
    "pay_on_delivery": _("Will be paid on delivery"),
    "pay_late": _("Paid late; the goods were still there"),
    "prepare": _("Ready to ship"),
    "cancel": _("Cancelled"),
    "cancel_unpaid": _("Cancelled before it was paid"),
    "close": _("Closed: the time to pay was over"),
    "ship": _("Everything has been shipped"),
    "hand_over": _("Handed over"),
    "receive": _("Received"),
    "complete": _("Completed"),
    "refund_all": _("Everything is being refunded"),
    "refunded": _("Everything has been refunded"),
    "payment": _("Money came in"),
    "payment_started": _("Payment begun"),
    "payment_failed": _("Payment failed"),
    "payment_closed": _("Payment closed"),
    "payment_mismatch": _("Payment does not match"),
    "refund_requested": _("Refund requested"),
    "refund": _("Refund done"),
    "refund_failed": _("Refund failed"),
    "refund_pending": _("Refund under way"),
    "refund_unknown": _("Refund: no answer yet"),
    "refund_by_hand": _("Refund is to be paid by hand"),
    "shipment": _("Parcel sent"),
    "parcel_corrected": _("Parcel corrected"),
    "note": _("Note"),
    "after_sales": _("After-sales request"),
    "after_sales_requested": _("After-sales request"),
    "awaiting_transfer": _("Waiting for the transfer"),
    "replacement": _("Replacement sent"),
}

DOERS: Mapping[str, str] = {
    # kinds of `storegen.values.actor.Actor`
    "guest": _("Guest"),
    "customer": _("Customer"),
    "staff": _("Staff"),
    "job": _("The shop itself"),
    "system": _("Command line"),
}

ACTIONS: Mapping[str, str] = {
    # the audit log; a plugin's own are shown as they are
    "after_sales.approve": _("After-sales request approved"),
    "after_sales.complete": _("After-sales request completed"),
    "after_sales.reject": _("After-sales request rejected"),
    "category.delete": _("Category deleted"),
    "category.save": _("Category saved"),
    "customer.closed": _("Account closed"),
    "customer.identity_added": _("Way to sign in added"),
    "customer.identity_proved": _("Way to sign in proved"),
    "customer.identity_reclaimed": _("Way to sign in reclaimed"),
    "customer.identity_removed": _("Way to sign in removed"),
    "customer.password_changed": _("Customer's password changed"),
    "delivery.retry": _("Delivery of an event tried again"),
    "notification.retry": _("Notification tried again"),
    "order.cancel": _("Order cancelled"),
    "order.cancel_paid": _("Paid order cancelled"),
    "order.complete": _("Order completed"),
    "order.note": _("Note added to an order"),
    "order.ship": _("Order shipped"),
    "page.delete": _("Page deleted"),
    "page.save": _("Page saved"),
    "parcel.correct": _("Tracking number corrected"),
    "payment.confirm": _("Payment confirmed by hand"),
    "picture.retry": _("Missing pictures tried again"),
    "plugin.settings_changed": _("Settings of a plugin changed"),
    "price.set": _("Price set"),
    "product.bulk_price": _("Prices of several products changed"),
    "product.bulk_stock": _("Stock of several products changed"),
    "product.picture_added": _("Picture added to a product"),
    "product.picture_changed": _("Picture of a product changed"),
    "product.picture_removed": _("Picture taken out of a product"),
    "product.save": _("Product saved"),
    "product.status": _("Product's state changed"),
    "refund.confirm": _("Refund confirmed by hand"),
    "refund.overpaid": _("Overpayment given back"),
    "refund.request": _("Refund begun"),
    "refund.retry": _("Refund tried again"),
    "settings.save": _("Settings saved"),
    "shipping_method.delete": _("Delivery deleted"),
    "shipping_method.save": _("Delivery saved"),
    "staff.activated": _("Staff member activated"),
    "staff.created": _("Staff member added"),
    "staff.deactivated": _("Staff member deactivated"),
    "staff.link_made": _("Sign-in link made"),
    "staff.password_changed": _("Staff password changed"),
    "staff.password_cleared": _("Staff password cleared"),
    "staff.permissions": _("Staff rights changed"),
    "staff.signed_in": _("Staff member signed in"),
    "stock.set": _("Stock set"),
    "theme_page.reset": _("Theme's page restored"),
    "theme_page.save": _("Page of the theme changed"),
}

AUDIT_FIELDS: Mapping[str, str] = {
    # what entries of the audit log hold; a plugin's own are shown under their names
    "active": _("Offered"),
    "amount": _("Amount"),
    "backorder": _("Sell when out of stock"),
    "brand": _("Brand"),
    "by": _("By"),
    "category": _("Category"),
    "changed": _("Changed"),
    "code": _("Code"),
    "compare": _("Compare-at price"),
    "compare_at": _("Compare-at price"),
    "description": _("Description"),
    "handle": _("Address"),
    "image": _("Picture"),
    "kind": _("Kind"),
    "media": _("Picture"),
    "new": _("New"),
    "number": _("Tracking number"),
    "on_hand": _("On hand"),
    "order": _("Sections"),
    "permissions": _("May do"),
    "pictures": _("Pictures"),
    "place": _("Place"),
    "price": _("Price"),
    "product_type": _("Type"),
    "products": _("Products"),
    "provider": _("Provider"),
    "published": _("Shown"),
    "reason": _("Reason"),
    "reference": _("Reference"),
    "return_class": _("Returns"),
    "seo_description": _("Description in searches"),
    "seo_title": _("Title in searches"),
    "slug": _("Address"),
    "status": _("State"),
    "step": _("Round to"),
    "title": _("Title"),
    "tracked": _("Count stock"),
    "units": _("Units"),
    "value": _("Value"),
    "variants": _("Variants"),
    "vendor": _("Brand or maker"),
    "version": _("Version"),
    "zones": _("Zones"),
    # groups and fields of the settings
    "accent": _("Second colour"),
    "address": _("Address"),
    "auto_receive_days": _("Days after shipping until it counts as received"),
    "classes": _("Rates by tax code"),
    "colour": _("Main colour"),
    "company": _("Company"),
    "complete_after_days": _("Days after that until it is completed"),
    "default_bp": _("Rate"),
    "email": _("E-mail for customers"),
    "few_left": _("“Few left” from this many"),
    "guests": _("Guests may order without an account"),
    "icons": _("Icons"),
    "icp_domain": _("Domain of the ICP number"),
    "icp_number": _("ICP number"),
    "licence_number": _("Business licence number"),
    "logo": _("Logo"),
    "logo_dark": _("Logo on dark ground"),
    "names": _("Name of the shop"),
    "open": _("The shop takes orders"),
    "paper": _("Ground"),
    "payment_minutes": _("Minutes to pay"),
    "phone": _("Phone for customers"),
    "prices_include_tax": _("Prices include tax"),
    "return_days": _("Days to return goods"),
    "ship_within_hours": _("Hours until it is shipped"),
    "shipping_bp": _("Rate for freight"),
    "struck_price": _("Struck price"),
    "taglines": _("One line about it"),
    "transfer_hours": _("Hours to pay by bank transfer"),
}

PRICE_CHANGES: Mapping[str, str] = {
    "set": _("Set to this amount"),
    "percent": _("Change by this percentage"),
    "amount": _("Change by this amount"),
}

COMPARE_CHANGES: Mapping[str, str] = {
    "keep": _("Keep the compare-at price"),
    "before": _("Show the price before as compare-at price"),
    "clear": _("Take the compare-at price away"),
}

WAYS_IN: Mapping[str, str] = {"link": _("Sign-in link"), "password": _("Password")}

CHANNELS: Mapping[str, str] = {
    "web": _("Website"),
    "mini_program": _("Mini program"),
    "official_account": _("Official account"),
    "api": _("API"),
    "admin": _("Back office"),
    "cli": _("Command line"),
    "job": _("The shop itself"),
}

OPENING: Mapping[str, tuple[str, str]] = {
    # reason → (what is missing, where it is mended)
    "closed-by-owner": (_("The shop is switched off"), "settings/checkout"),
    "no-company": (_("The company's name is missing"), "settings/legal"),
    "no-licence": (_("The business licence number is missing"), "settings/legal"),
    "no-icp": (_("The ICP number is missing"), "settings/legal"),
    "no-page-privacy": (_("There is no privacy policy"), "pages/new?kind=privacy"),
    "no-page-terms": (_("There are no terms of service"), "pages/new?kind=terms"),
    "no-page-returns": (_("There is no returns policy"), "pages/new?kind=returns"),
    "no-contact": (_("Neither an e-mail address nor a phone number is given"), "settings/brand"),
    "no-products": (_("No product is for sale"), "products"),
    "no-delivery": (_("There is no way to deliver"), "shipping"),
    "no-payment": (_("There is no way to pay: add a payment plugin to store.toml"), ""),
    "sandbox-payment": (_("The sandbox takes no real money: remove it in store.toml"), ""),
    "no-address": (_("The shop's public address is missing: set base_url in store.toml"), ""),
}

AFTER_SALES_KINDS: Mapping[str, str] = {
    "refund_only": _("Refund without return"),
    "return": _("Return and refund"),
    "exchange": _("Exchange"),
}

REFUND_KINDS: Mapping[str, str] = {
    "staff": _("By staff"),
    "late": _("Paid too late"),
    "over": _("Paid too much"),
    "cancel": _("Order called off"),
    "after_sales": _("After-sales"),
}

RETURN_CLASSES: tuple[tuple[str, str], ...] = (
    ("seven_days", _("Seven days, no reason needed")),
    ("no_return", _("No return without a defect: the buyer confirms it")),
)

PAGE_KINDS: tuple[tuple[str, str], ...] = (
    ("page", _("Page")),
    ("privacy", _("Privacy policy")),
    ("terms", _("Terms of service")),
    ("returns", _("Returns policy")),
    ("shipping", _("Delivery policy")),
    ("about", _("About us")),
    ("contact", _("Contact")),
)
