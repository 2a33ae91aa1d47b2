// Opens pages in a browser and says what is wrong with each.

/** What a page must not do, noted as it happens. Returns a function that hands out what was noted since it was last called. */
export function watch(page, origin) {
  let noted = [];
  page.on('console', (message) => {
    if (message.type() === 'error') noted.push(`logs an error: ${message.text()}`);
  });
  page.on('pageerror', (error) => noted.push(`throws: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:')) noted.push(`asks ${url}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) noted.push(`is answered ${response.status()} for ${response.url()}`);
  });
  return () => {
    const taken = noted;
    noted = [];
    return taken;
  };
}

/** Opens a page; its links and places, and the parts that stick out at the right. */
export async function visit(page, url) {
  await page.goto(url, { waitUntil: 'load' });
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const isWide = (element) =>
      element.getBoundingClientRect().right > clientWidth + 1 && element.children.length === 0;
    const wide = scrollWidth > clientWidth ? [...document.body.querySelectorAll('*')].filter(isWide) : [];
    return {
      links: [...document.querySelectorAll('a[href]')].map(({ href }) => href),
      places: [...document.querySelectorAll('[id], a[name]')].map(({ id, name }) => id || name),
      width: clientWidth,
      scrollWidth,
      wide: wide
        .slice(0, 3)
        .map((element) => `<${element.tagName.toLowerCase()}> ${element.textContent.slice(0, 60)}`),
    };
  });
}

/** Of the links of all visited pages, those that lead nowhere; `visited` has the places of each page by its address. */
export function deadLinks(visited, origin, isFile) {
  const dead = [];
  for (const [address, { links }] of visited) {
    for (const link of new Set(links)) {
      if (!link.startsWith(origin)) continue;
      const { pathname, hash } = new URL(link);
      const target = visited.get(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
      if (target === undefined ? !isFile(pathname) : isMissing(target, hash)) {
        dead.push(`${address} links to ${link.slice(origin.length)}, which is not there.`);
      }
    }
  }
  return dead;
}

function isMissing({ places }, hash) {
  return hash.length > 1 && !places.includes(decodeURIComponent(hash.slice(1)));
}
