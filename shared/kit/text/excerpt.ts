// Texts cut to a length, at whole signs.

const SIGNS = new Intl.Segmenter('vi', { granularity: 'grapheme' })

/** Of what stands in lists and notifications. Whole signs as people see them, never half an emoji. */
export function excerptOf(content: string, length = 100): string {
  if ([...content].length <= length) return content
  let kept = ''
  for (const { segment } of SIGNS.segment(content)) {
    if ([...kept, ...segment].length >= length) break
    kept += segment
  }
  // A single sign can be longer than that, by what is heaped upon it.
  return `${kept || [...content].slice(0, length - 1).join('')}…`
}
