"""Tables that the tests of the grammar ask about."""

from gentap.table import Table

DRIVERS = Table.padded(
    ["Pos", "Driver", "Team", "Points", "Date of birth", "Country", "Notes"],
    [
        ["1", "Ann Arbor", "Lotus", "1,200", "12 May 1950", "Spain", "x"],
        ["2", "Bob Best", "Lotus", "90", "3 June 1949", "France", ""],
        ["3", "Cid Cole", "Brabham", "75", "1951", "Spain", ""],
        ["4", "Dee Dash", "Brabham", "60", "1 January 1960", "Italy", ""],
        ["5", "Eve East", "Cooper", "1", "5 July 1948", "Italy", ""],
        ["", "Total", "", "1,426", "", "", ""],
    ],
    title="1970 Grand Prix",
)
FILMS = Table.padded(
    ["Year", "Title", "Director", "Gross ($)", "Opened", "Length (km)", "Population"],
    [
        ["1950", "Alpha", "Ann", "$10", "1951", "5", "20%"],
        ["1952", "Beta", "Ann", "$25", "1962", "7.5", "30%"],
        ["1953", "Gamma", "Cat", "$1 million", "1953", "12", "35%"],
        ["1955", "Delta [a]", "Dan", "$17", "1984", "11", "40%"],
        ["1955", "—", "Eve", "$19", "1999", "10", "50%"],
    ],
)
ODD = Table.padded(
    ["Player", "Sex", "Age", "Opened"],
    [
        ["Ann", "F", "30", "1950"],
        ["Bea", "F", "31", "1960"],
        ["Cy", "M", "32", "1970"],
        ["Di", "F", "40", "1980"],
    ],
)
