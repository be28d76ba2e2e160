/** The look of the page, for light and dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
pre { overflow-x: auto; padding: .6rem; border: 1px solid #8886; border-radius: 6px; font-size: 13px; }
ins { text-decoration: none; background: #2ea04333; }
del { text-decoration: none; background: #f8514933; }
summary { cursor: pointer; }
.error, .blocker, .failed, .unsettled { color: #d1242f; }
.caution, .skipped { color: #9a6700; }
.applied { color: #1a7f37; }
footer { color: #888; margin-top: 2rem; }
`;
