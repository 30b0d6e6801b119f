/** What a header lists, with commas between. */
export function headerWords(header: string | null): string[] {
  return (header ?? "").split(",").map((word) => word.trim()).filter(Boolean);
}
