/** Ends the message of an error whose reason is what the page or the browser lacks. */
export const SEE_DOCTOR = "; doctor() says what this page allows and lacks";
