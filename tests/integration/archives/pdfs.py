"""PDF files written by hand: lines of Helvetica at places, nothing else."""


def pdf(*pages, trailer=b"", content=None):
    """Each page: (text, x, y) lines, in points."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        drawn = "".join(f"BT /F1 11 Tf {x} {y} Td ({_escaped(text)}) Tj ET\n" for text, x, y in lines).encode("latin-1")
        drawn = content or drawn
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
            % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start)
    return bytes(out)


def _escaped(text):
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def page_of(number, *paragraphs, header="S/2018/{n} Security Council", footer="18-0{n}418 {n}/120"):
    """A page with a running header, a footer, and paragraphs of lines 14 points apart, 24 between paragraphs."""
    lines, y = [(header.format(n=number), 70, 800)], 760
    for paragraph in paragraphs:
        for line in paragraph:
            lines.append((line, 70, y))
            y -= 14
        y -= 12
    return [*lines, (footer.format(n=number), 70, 40), (str(number), 300, 25)]


REPORT = pdf(
    page_of(1, ["1. The Panel inspected the motor tanker Blue Heron, which had", "left port without its transponder, and spoke to the crew."],
            ["2. The master said that he had no knowledge of any ship-to-ship", "transfer of petroleum. The Panel holds satellite pho-", "tographs of a ship-to-", "ship transfer on 4 May 2018, and the owner has not"]),
    page_of(2, ["answered two letters. Photographs show the hull number."], ["3. The vessel was scrapped."]),
    page_of(3, ["4. Nothing else was found on board, where the search took four", "days, and the Panel thanks the port authority for its help."]),
)  # fmt: skip
