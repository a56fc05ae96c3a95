"""Complaints from elsewhere: read a file of any size, map its columns, file each row once."""
