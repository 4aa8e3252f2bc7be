"""wheel.py DIR: write DIR/fox-1.0-py3-none-any.whl, the smallest wheel that pip installs."""
import sys
import zipfile

INFO = "fox-1.0.dist-info/"
with zipfile.ZipFile(sys.argv[1] + "/fox-1.0-py3-none-any.whl", "w") as z:
    z.writestr("fox.py", "fox = 1\n")
    z.writestr(INFO + "METADATA", "Metadata-Version: 2.1\nName: fox\nVersion: 1.0\n")
    z.writestr(INFO + "WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    z.writestr(INFO + "RECORD", f"fox.py,,\n{INFO}METADATA,,\n{INFO}WHEEL,,\n{INFO}RECORD,,\n")
