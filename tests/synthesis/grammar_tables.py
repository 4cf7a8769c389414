"""Tables that the tests of the grammar ask about."""

from gentap.table import Table

DRIVERS = Table.padded(
    ["Pos", "Driver", "Team", "Points", "Date of birth", "Nationality", "Notes"],
    [
        ["1", "Ann Arbor", "Lotus", "1,200", "12 May 1950", "Spanish", "x"],
        ["2", "Bob Best", "Lotus", "90", "3 June 1949", "French", ""],
        ["3", "Cid Cole (ITA)", "Brabham", "75", "1951", "Spanish", ""],
        ["4", "Dee Dash", "Brabham", "60", "1 January 1960", "Italian", ""],
        ["5", "Eve East", "Cooper", "1", "5 July 1948", "Italian", ""],
        ["", "Total", "", "1,426", "", "", ""],
    ],
    title="1970 Formula One season",
)
FILMS = Table.padded(
    ["Year", "Film", "Director", "Gross ($)", "Released", "Length (km)", "Population"],
    [
        ["1950", "Alpha", "Ann", "$10", "1951", "5", "20%"],
        ["1952", "Beta", "Ann", "$25", "1962", "7.5", "30%"],
        ["1953", "Gamma", "Cat", "$1 million", "1953", "12", "35%"],
        ["1955", "Delta [a]", "Dan", "$17", "1984", "11", "40%"],
        ["1955", "—", "Eve", "$19", "1999", "10", "50%"],
    ],
)
ODD = Table.padded(
    ["Player", "College", "Age", "Points"],
    [
        ["Ann", "Yale", "30", "7"],
        ["Bea", "Yale", "31", "1"],
        ["Cy", "Rice", "33", "12"],
        ["Di", "Yale", "40", "30"],
    ],
)
MATCHES = Table.padded(
    ["Date", "Opponent", "Result", "Attendance", "Venue"],
    [
        ["May 4", "@ Buffalo Bills", "W 3–0", "12,000", "Arena"],
        ["May 11", "Miami Dolphins", "L 1–2", "9,500", "Home Park"],
        ["June 2", "Chicago Bears", "W 2–1", "15,100", "Bear Field"],
        ["June 9", "Miami Dolphins", "W 4–1", "8,000", "Dome"],
    ],
    title="1998 New York Jets season",
)
ROLES = Table.padded(
    ["Year", "Title", "Role", "Network"],
    [
        ["1990", "Blue", "Tom", "NBC"],
        ["1991", "Green", "Ray", "CBS"],
        ["1994", "Red (II)", "Himself", "NBC"],
        ["1999", "White", "Sam", "NBC"],
    ],
    title="Jane Doe filmography",
)
BRIDGES = Table.padded(
    ["Name", "County", "Opened", "Length (m)", "Length (ft)"],
    [
        ["Tay", "Fife", "1887", "3,286", "10,781"],
        ["Forth", "Fife", "1890", "2,467", "8,094"],
        ["Clyde", "Lanark", "May 1936", "520", "1,706"],
        ["Esk", "Angus", "1881", "300", "984"],
    ],
    title="List of bridges in Scotland",
)
ALL = (DRIVERS, FILMS, ODD, MATCHES, ROLES, BRIDGES)
