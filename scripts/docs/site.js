// Opens the groups of the navigation that a new reader wants to see. What a reader opens and closes is remembered by TypeDoc.
try {
  for (const group of ['Start', 'Guides']) {
    const key = `tsd-accordion-${group}`;
    if (localStorage.getItem(key) === null) localStorage.setItem(key, 'true');
  }
} catch {
  // Where nothing may be stored, the groups are closed.
}
