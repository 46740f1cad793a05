"use client";

import { useEffect } from "react";
import { show } from "../ways.js";

export function Ways() {
  useEffect(() => void show(), []);
  return <output />;
}
