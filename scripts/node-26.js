// Plain JavaScript that any Node can read: says what is wrong when npm could not bring Node 26 along.
if (Number.parseInt(process.versions.node, 10) < 26) {
  console.error(
    `Hamsafar needs Node 26 and found ${process.version}: run it through npm ("npm start"), after "npm ci" without --omit=optional; on a platform that npm has no Node 26 for, install it.`,
  )
  process.exit(1)
}
