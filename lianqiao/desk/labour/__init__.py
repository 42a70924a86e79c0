"""The labour exchange on the desk: seekers, vacancies, trips, months in post, fairs, workshops, courses."""
