"""eDIS, eBay's international delivery for sellers in Greater China: what is sent, and what comes back.

A parcel becomes a package, which has a number at once; packages are confirmed or cancelled in bulk,
handed over in bundles, and billed in rows.  What our values lack and eDIS asks for, such as its ids
of services and addresses, is an argument of the writer.  eDIS counts in grams and centimetres.

Its document declares nothing as required and no limit in its schemas; both stand in its texts and
errors, and are kept here.

Source: eDIS 1.1.0.

>>> write_confirm(["P-1", "P-2"]).payload
{'requests': {'packageIds': ['P-1', 'P-2']}}
>>> reading = read_bulk({"responses": [
...     {"packageId": "P-1", "resultCode": "200"},
...     {"packageId": "P-2", "resultCode": "355038", "message": "cannot be confirmed"},
... ]})
>>> [(outcome.package, outcome.is_done) for outcome in reading.outcomes]
[('P-1', True), ('P-2', False)]
"""

from apaclogistics.interop._edis_addresses import (
    AddressKind,
    AreaCodes,
    write_address_preference,
    write_consign_preference,
)
from apaclogistics.interop._edis_answers import (
    Direction,
    PackageReading,
    Service,
    ServicesReading,
    read_package,
    read_services,
)
from apaclogistics.interop._edis_bulk import (
    BulkReading,
    CreatedReading,
    Outcome,
    read_bulk,
    read_created,
    write_bundle,
    write_cancel,
    write_complaint,
    write_confirm,
    write_delete,
)
from apaclogistics.interop._edis_costs import CostsReading, RefusedNumber, read_costs
from apaclogistics.interop._edis_items import ForwardStock, PackageItem, TaxId
from apaclogistics.interop._edis_packages import (
    Packaging,
    Signature,
    SpecialServices,
    write_package,
)
from apaclogistics.interop._edis_scans import STATUSES, read_scans, recognises

__all__ = (
    "STATUSES",
    "AddressKind",
    "AreaCodes",
    "BulkReading",
    "CostsReading",
    "CreatedReading",
    "Direction",
    "ForwardStock",
    "Outcome",
    "PackageItem",
    "PackageReading",
    "Packaging",
    "RefusedNumber",
    "Service",
    "ServicesReading",
    "Signature",
    "SpecialServices",
    "TaxId",
    "read_bulk",
    "read_costs",
    "read_created",
    "read_package",
    "read_scans",
    "read_services",
    "recognises",
    "write_address_preference",
    "write_bundle",
    "write_cancel",
    "write_complaint",
    "write_confirm",
    "write_consign_preference",
    "write_delete",
    "write_package",
)
