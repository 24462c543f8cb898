"""One-time codes against the test vectors of RFC 6238, appendix B."""

import datetime as dt

import pytest

from thaam.parties import totp

SEEDS = {
    "sha1": b"12345678901234567890",
    "sha256": b"12345678901234567890123456789012",
    "sha512": b"1234567890123456789012345678901234567890123456789012345678901234",
}
VECTORS = """59 94287082 46119246 90693936
1111111109 07081804 68084774 25091201
1111111111 14050471 67062674 99943326
1234567890 89005924 91819424 93441116
2000000000 69279037 90698825 38618901
20000000000 65353130 77737706 47863826"""


@pytest.mark.parametrize("line", VECTORS.splitlines())
def test_the_codes_are_those_of_the_standard(line):
    seconds, *codes = line.split()
    step = totp.step_of(dt.datetime.fromtimestamp(int(seconds), tz=dt.UTC))
    for (algorithm, seed), code in zip(SEEDS.items(), codes, strict=True):
        assert totp.code_at(seed, step, digits=8, algorithm=algorithm) == code
    assert totp.code_at(SEEDS["sha1"], step) == codes[0][2:]


def test_a_clock_one_step_off_is_forgiven_and_two_are_not():
    at = dt.datetime(2026, 11, 25, 6, 30, 10, tzinfo=dt.UTC)
    here, seed = totp.step_of(at), SEEDS["sha1"]
    for off, passes in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        assert (totp.step_for(seed, totp.code_at(seed, here + off), at=at) == here + off) is passes
    assert totp.step_for(seed, totp.code_at(seed, here), at=at, after=here) is None


def test_the_address_carries_the_secret_the_app_will_use():
    address = totp.address_of(SEEDS["sha1"], name="devi", issuer="THAAM")
    assert address.startswith("otpauth://totp/THAAM:devi?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=THAAM")
    assert totp.typed_secret(SEEDS["sha1"]).replace(" ", "") == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
