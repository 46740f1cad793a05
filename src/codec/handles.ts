/** Where codecs of resources find objects by their handles. Each plugin has one of its own. */
export interface Handles {
  /**
   * Gives the guest a handle of an object.
   *
   * @param isLent Until the call is over whose arguments are encoded; else until the guest gives it up.
   * @returns the handle, or why there is none.
   */
  give(resource: string, object: object, isLent: boolean): bigint | string;
  /**
   * The object of a handle, of which only the guest's word is known; `undefined` where it is none.
   *
   * @param isTaken The guest owns it, and does so no longer.
   */
  find(resource: string, handle: bigint, isTaken: boolean): object | undefined;
}
