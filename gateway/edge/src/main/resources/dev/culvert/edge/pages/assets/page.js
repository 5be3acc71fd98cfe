// what every page does
