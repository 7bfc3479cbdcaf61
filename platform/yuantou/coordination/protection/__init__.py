"""Restricted matters: who may know, who must be told, and a wrong restriction lifted."""
