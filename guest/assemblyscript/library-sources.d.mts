export const NAME: string;
export function librarySources(): string;
