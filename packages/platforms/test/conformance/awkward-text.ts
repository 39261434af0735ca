/**
 * A reply that a platform's markup, mentions or escapes could change: it must be shown with these very
 * characters.
 */
export const awkwardText =
  'a & b < c > d &amp; <b>e</b> *f* **g** _h_ __i__ ~j~ ~~k~~ `l` ||m|| [n](https://o.example) <@1> @everyone @here ' +
  '<!channel> #1 :tada: "p" \'q\' \\r\nsecond  line\n\n- third\n> fourth\n# fifth\n1. sixth 😀'
