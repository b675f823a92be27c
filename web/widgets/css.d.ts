/** A style sheet as text, with what it imports: made so by api/console/bundle.ts. */
declare module '*.css' {
  const text: string
  export default text
}
