"""Judges each PDF of a folder with pyHanko, trusting one authority: `name<TAB>VALID|INVALID<TAB>why`."""
import pathlib, sys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko.keys import load_cert_from_pemder

authority, folder = sys.argv[1:]
context = dict(trust_roots=[load_cert_from_pemder(authority)], allow_fetching=False, revocation_mode="soft-fail")
for path in sorted(pathlib.Path(folder).glob("*.pdf")):
    try:
        with path.open("rb") as file:
            (signature,) = PdfFileReader(file, strict=False).embedded_signatures
            status = validate_pdf_signature(signature, ValidationContext(**context))
            print(path.stem, "VALID" if status.bottom_line else "INVALID", status.summary(), sep="\t")
    except Exception as error:
        print(path.stem, "INVALID", f"{type(error).__name__}: {error}", sep="\t")
