"""A run of h5roof as one page. collect.py gathers, findings.py says it in words, machine.py describes where it ran,
pictures.py draws, page.py puts it into templates/."""
