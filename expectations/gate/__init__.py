"""Running suites with Great Expectations and turning what fails into findings."""
