export interface DrawRequest {
  readonly number: number;
  readonly dot: string;
}

export type DrawAnswer =
  | { readonly number: number; readonly svg: string }
  | { readonly number: number; readonly error: string };
