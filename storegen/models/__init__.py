"""The tables of the core, a module per subject."""

from __future__ import annotations

from storegen.models.base import Base, UTCMicros, random_id
from storegen.models.cart import Cart, CartLine
from storegen.models.catalog import (
    Category,
    Media,
    PriceHistory,
    Product,
    ProductCategory,
    ProductFacet,
    ProductImage,
    Redirect,
    Related,
    Translation,
    Variant,
)
from storegen.models.customer import (
    Consent,
    Customer,
    CustomerAddress,
    CustomerIdentity,
    Limit,
    OneTimeCode,
    Session,
    Staff,
)
from storegen.models.order import Order, OrderContact, OrderEvent, OrderLine
from storegen.models.payment import (
    LedgerEntry,
    ParkedNotification,
    Payment,
    ProviderEvent,
    Refund,
    RefundLine,
)
from storegen.models.records import (
    AuditLog,
    Idempotency,
    JobLease,
    Message,
    OutboxDelivery,
    OutboxEvent,
)
from storegen.models.shipping import AfterSales, Parcel, Shipment, ShipmentLine, ShippingMethod
from storegen.models.shop import Setting, StaticPage, ThemePage
from storegen.models.stock import Reservation, Stock, StockMovement

__all__ = [
    "AfterSales", "AuditLog", "Base", "Cart", "CartLine", "Category", "Consent", "Customer",
    "CustomerAddress", "CustomerIdentity", "Idempotency", "JobLease", "LedgerEntry", "Limit",
    "Media", "Message", "OneTimeCode", "Order", "OrderContact", "OrderEvent", "OrderLine",
    "OutboxDelivery", "OutboxEvent", "Parcel", "ParkedNotification", "Payment", "PriceHistory",
    "Product", "ProductCategory", "ProductFacet", "ProductImage", "ProviderEvent", "Redirect",
    "Refund", "RefundLine", "Related", "Reservation", "Session", "Setting", "Shipment",
    "ShipmentLine", "ShippingMethod", "Staff", "StaticPage", "Stock", "StockMovement",
    "ThemePage", "Translation", "UTCMicros", "Variant", "random_id",
]  # fmt: skip
