export function roomsSection(): string;
export function withRooms(page: string): string;
