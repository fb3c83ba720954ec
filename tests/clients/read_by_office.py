"""Reads marts in LibreOffice Base, without a window: run by the system's Python, which has ``uno``.

Usage: ``python3 read_by_office.py SOCKET HOST PORT USER PASSWORD FOLDER``, with lines NAME<tab>QUERY on standard input,
and a LibreOffice that listens at SOCKET. Writes FOLDER/NAME.csv without headings, and \\N for what is not there.
"""

import csv
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

# How a value of a type of java.sql.Types is asked for; LibreOffice keeps a date as day, month and year.
_DATE, _DOUBLE, _BIGINT, _INTEGER, _BOOLEAN = 91, 8, -5, 4, (-7, 16)


def main() -> None:
    """Connect to the office, let it open the server as a Base document does, and write the rows."""
    socket, host, port, user, password, folder = sys.argv[1:]
    office = _office(socket).ServiceManager
    context = office.DefaultContext
    drivers = office.createInstanceWithContext("com.sun.star.sdbc.DriverManager", context)
    address = f"sdbc:postgresql:host={host} port={port} dbname=sarai"
    login = (_property("user", user), _property("password", password))
    connection = drivers.getConnectionWithInfo(address, login)
    settings = office.createInstanceWithContext("com.sun.star.configuration.ConfigurationProvider", context)
    place = _property("nodepath", "/org.openoffice.Setup/Product")
    product = settings.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (place,))
    print(product.getByName("ooSetupVersionAboutBox"))
    for line in sys.stdin:
        name, query = line.rstrip("\n").split("\t")
        found = connection.createStatement().executeQuery(query)
        with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            while found.next():
                writer.writerow(_values(found))
    connection.close()


def _office(socket: str) -> Any:
    """Return the office that was started beside, which takes a while to listen."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for attempt in range(240):
        try:
            return resolver.resolve(f"uno:pipe,name={socket};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if attempt == 239:
                raise
            time.sleep(0.25)
    raise AssertionError


def _property(name: str, value: str) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def _values(row: Any) -> list[object]:
    kinds = row.getMetaData()
    values: list[object] = []
    for place in range(1, kinds.getColumnCount() + 1):
        kind = kinds.getColumnType(place)
        if kind == _DATE:
            day = row.getDate(place)
            value: object = f"{day.Year:04}-{day.Month:02}-{day.Day:02}"
        elif kind == _DOUBLE:
            value = repr(row.getDouble(place))
        elif kind in {_BIGINT, _INTEGER}:
            value = row.getLong(place)
        elif kind in _BOOLEAN:
            value = row.getBoolean(place)
        else:
            value = row.getString(place)
        values.append(r"\N" if row.wasNull() else value)
    return values


if __name__ == "__main__":
    main()
